internal import Testing
@testable internal import Simulator

@Suite struct NameLookupTests {
    private typealias Kind = NameQuery.Kind

    private func message(_ name: String, _ kind: UInt16, size: Int? = nil) -> [UInt8] {
        var bytes: [UInt8] = []
        func append(_ values: UInt16...) { for value in values { bytes += [UInt8(value >> 8), UInt8(value & 0xFF)] } }
        append(0x1234, 0x0100, 1, 0, 0, size == nil ? 0 : 1)
        for label in name.split(separator: ".") {
            bytes.append(UInt8(label.utf8.count))
            bytes += label.utf8
        }
        bytes.append(0)
        append(kind, 1)
        if let size {
            bytes.append(0)
            append(Kind.opt, UInt16(size), 0, 0, 0)
        }
        return bytes
    }

    private func ask(_ stage: ConsulStage, _ name: String, _ kind: UInt16, size: Int? = nil, isDatagram: Bool = true) throws -> (NameAnswer, [UInt8]) {
        let query = try NameQuery(message(name, kind, size: size))
        let answer = stage.cluster.with { NameLookup(query, in: $0.registry, now: $0.now).answer() }.trimmed(to: query, isDatagram: isDatagram)
        return (answer, answer.bytes(to: query))
    }

    private func addresses(_ answer: NameAnswer) -> [String] {
        answer.answers.compactMap { record in
            if case .address(let bytes) = record.value { bytes.map(String.init).joined(separator: ".") } else { nil }
        }.sorted()
    }

    @Test func aServiceIsItsInstancesThatAreNotCritical() async throws {
        let stage = ConsulStage()
        for (id, status, address) in [("a", "passing", "10.7.0.1"), ("b", "warning", "10.7.0.2"), ("c", "critical", "10.7.0.3")] {
            await stage.register(id, "Mine", status: status, address: address)
        }
        for name in ["mine.service.consul", "MINE.Service.dc1.Consul", "a.mine.service.consul"] { #expect(try addresses(ask(stage, name, Kind.a).0) == ["10.7.0.1", "10.7.0.2"]) }
        #expect(await stage.put("/v1/agent/service/maintenance/a?enable=true").status == 200)
        #expect(try addresses(ask(stage, "mine.service.consul", Kind.a).0) == ["10.7.0.2"])
        #expect(await stage.put("/v1/agent/maintenance?enable=true").status == 200)
        #expect(try ask(stage, "mine.service.consul", Kind.a).0.code == .noSuchName, "as if nobody knew it")
    }

    /// Codes and counts of records read off a real agent.
    @Test(arguments: [
        ("consul.service.consul", Kind.aaaa, .success, 0, 1, 0), ("h1.node.consul", Kind.a, .success, 1, 0, 1), ("h1.node.consul", Kind.any, .success, 2, 0, 0),
        ("h1.node.consul", Kind.srv, .success, 0, 0, 0), ("h1.node.consul", Kind.aaaa, .success, 0, 0, 1), ("nosuch.node.consul", Kind.a, .noSuchName, 0, 1, 0),
        ("nosuch.service.consul", Kind.a, .noSuchName, 0, 1, 0), ("b.consul.service.consul", Kind.a, .noSuchName, 0, 1, 0),
        ("consul.service.dc2.consul", Kind.a, .noSuchName, 0, 1, 0), ("consul", Kind.a, .noSuchName, 0, 1, 0), ("service.consul", Kind.a, .noSuchName, 0, 1, 0),
        ("7f000001.addr.consul", Kind.a, .success, 1, 0, 0), ("x.addr.consul", Kind.a, .noSuchName, 0, 1, 0), ("consul.query.consul", Kind.a, .noSuchName, 0, 1, 0),
        ("11.0.20.10.in-addr.arpa", Kind.ptr, .success, 1, 0, 0), ("example.com", Kind.a, .refused, 0, 0, 0), ("consul", Kind.soa, .success, 1, 3, 3),
    ] as [(String, UInt16, NameAnswer.Code, Int, Int, Int)])
    func otherQuestions(_ name: String, _ kind: UInt16, _ code: NameAnswer.Code, _ answers: Int, _ authority: Int, _ extra: Int) throws {
        let answer = try ask(ConsulStage(), name, kind).0
        #expect(answer.code == code && [answer.answers.count, answer.authority.count, answer.extra.count] == [answers, authority, extra])
    }

    @Test func endpointsNameTheirAddress() async throws {
        let stage = ConsulStage()
        await stage.register("a", "mine", address: "10.77.0.4", port: 8080)
        await stage.register("b", "other", port: 9)
        for name in ["mine.service.consul", "_mine._tcp.service.consul", "_mine._a.service.consul"] {
            let answer = try ask(stage, name, Kind.srv).0
            #expect(answer.answers.map(\.value) == [.service(priority: 1, weight: 1, port: 8080, target: NameLabels("0a4d0004.addr.dc1.consul"))])
            #expect(answer.extra.first?.value == .address([10, 77, 0, 4]))
        }
        #expect(try ask(stage, "other.service.consul", Kind.srv).0.answers.first?.target == NameLabels("h1.node.dc1.consul"))
    }

    @Test func aShortDatagramHasThreeAndALongOneAsManyAsFit() async throws {
        let stage = ConsulStage()
        for number in 1...60 { await stage.register("i\(number)", "many", address: "10.77.1.\(number)", port: 8000 + number) }
        #expect(try ask(stage, "many.service.consul", Kind.a).0.answers.count == 3)
        #expect(try ask(stage, "many.service.consul", Kind.a, size: 4096).0.answers.count == 60)
        for size in [600, 1232, 4096] {
            let (answer, bytes) = try ask(stage, "many.service.consul", Kind.srv, size: size)
            #expect(bytes.count <= size && answer.answers.count > 3 && bytes[2] & 0x02 == 0, "without a word that there would be more")
        }
        #expect(try ask(stage, "many.service.consul", Kind.srv, isDatagram: false).0.answers.count == 60)
    }

    @Test func aMessageIsWrittenAsTheWireHasIt() throws {
        let answer = NameAnswer(answers: [NameRecord(name: NameLabels("web.service.consul"), value: .address([127, 0, 0, 1]))])
        let query = try NameQuery(message("web.service.consul", Kind.a))
        let bytes = answer.bytes(to: query)
        // 52 bytes, as a real one: the second name is a pointer to the first.
        #expect(bytes.count == 52 && bytes[2...3].elementsEqual([0x85, 0x00]) && bytes[36...37].elementsEqual([0xC0, 12]))
        #expect(bytes.suffix(6).elementsEqual([0, 4, 127, 0, 0, 1]))
    }

    @Test func whatIsNoQuestionGetsNoAnswerOrAShortOne() {
        let good = message("web.service.consul", Kind.a, size: 4096)
        for count in 0..<12 { #expect(throws: NameQuery.Malformed.self) { try NameQuery(Array(good.prefix(count))) } }
        for count in 12..<(good.count - 11) { #expect(throws: NameQuery.Malformed.self) { try NameQuery(Array(good.prefix(count))) } }
        var answer = good
        answer[2] |= 0x80
        #expect(throws: NameQuery.Malformed.self, "an answer is not answered") { try NameQuery(answer) }
        var pointing = good
        pointing[12] = 0xC0
        #expect(throws: NameQuery.Malformed.self) { try NameQuery(pointing) }
        #expect(NameAnswer.malformed(0x1234) == [0x12, 0x34, 0x80, 0x01, 0, 0, 0, 0, 0, 0, 0, 0])
    }
}
