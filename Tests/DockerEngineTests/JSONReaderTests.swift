import JSON
internal import Testing
@testable internal import DockerEngine

@Suite struct JSONReaderTests {
    @Test func readsWhatIsAskedForAndSkipsTheRest() throws {
        let json = #"[{"Id":"a","Unknown":{"x":[1,{"y":"}]"}],"z":null},"Names":["/a",null,"/b/c"],"Created":12,"Labels":{"k":"v","n":3}}, {"Id":null}]"#
        let list = try ContainerSummary.list(Array(json.utf8))
        #expect(list.count == 2)
        #expect(list[0].id == "a")
        #expect(list[0].names == ["/a", "/b/c"])
        #expect(list[0].created == 12)
        #expect(list[0].labels == ["k": "v"])
        #expect(list[1].id == nil)
    }

    @Test(arguments: [
        (#""plain""#, "plain"), (#""caf\u00e9 \ud83d\ude00""#, "café 😀"), (#""a\\b\"c\/\n\t""#, "a\\b\"c/\n\t"),
        (#""\u003cb\u003e""#, "<b>"), (#""\ud83d alone""#, "\u{FFFD} alone"), ("\"容器\"", "容器"), (#""""#, ""),
    ])
    func readsStrings(_ json: String, _ text: String) throws {
        var reader = JSONReader(Array(json.utf8))
        #expect(try reader.string() == text)
        try reader.finish()
    }

    @Test(arguments: ["9223372036854771712", "-5", "0"])
    func readsIntegers(_ json: String) throws {
        var reader = JSONReader(Array(json.utf8))
        #expect(try reader.integer() == Int64(json))
    }

    @Test func valuesOfAnotherTypeCountAsAbsent() throws {
        var reader = JSONReader(Array(#"[1.5e3,"x",{"a":[]},null,true,18446744073709551615]"#.utf8))
        var found: [Int64?] = []
        try reader.array { reader throws(JSONReader.Malformed) in found.append(try reader.integer()) }
        #expect(found == [nil, nil, nil, nil, nil, nil])
    }

    @Test func everyCutIsNoticed() {
        let json = Array(#"[{"Id":"a","Names":["/a"],"Ports":[{"PrivatePort":80}],"Labels":{"k":"v\u00e9"},"State":"running"}]"#.utf8)
        for length in 0..<json.count {
            #expect(throws: JSONReader.Malformed.self, "cut after \(length)") { try ContainerSummary.list(Array(json.prefix(length))) }
        }
    }

    @Test(arguments: ["<html>", "{\"message\":\"no\"}", "[}", "[1 2]", "[nul]", "[{\"a\" 1}]", "[] x", "\"text\"", "[{]"])
    func whatIsNoListThrows(_ text: String) {
        #expect(throws: JSONReader.Malformed.self) { try ContainerSummary.list(Array(text.utf8)) }
    }

    @Test func nullIsAnEmptyList() throws {
        #expect(try ContainerSummary.list(Array("null\n".utf8)).isEmpty)
        #expect(try ContainerSummary.list(Array("[]\n".utf8)).isEmpty)
    }

    @Test func hostileNestingCostsNoStack() throws {
        let deep = [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)
        #expect(throws: JSONReader.Malformed.self) { try ContainerSummary.list(Array("[".utf8) + Array("{\"x\":".utf8) + deep) }
    }
}
