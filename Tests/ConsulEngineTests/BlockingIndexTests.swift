internal import Testing
internal import Transport
@testable internal import ConsulEngine

@Suite struct BlockingIndexTests {
    @Test func itFollowsAGrowingIndexOfAllBits() {
        var index = BlockingIndex()
        #expect(index.value == nil, "the first question waits for nothing")
        index.take("37")
        #expect(index.value == 37 && index.penalty == .zero)
        index.take("37")
        #expect(index.value == 37, "a wait that ran out brings the same index")
        index.take("11067357228259063099")
        #expect(index.value == 11_067_357_228_259_063_099, "beyond what Int64 holds")
    }

    @Test func oneThatWentBackBeginsAnew() {
        var index = BlockingIndex()
        index.take("900")
        index.take("37")
        #expect(index.value == nil)
        index.take("37")
        #expect(index.value == 37)
    }

    @Test(arguments: [nil, "", "0", "-3", "x", "18446744073709551616"] as [String?])
    func withoutOneToWaitByItSlowsDown(_ text: String?) {
        var index = BlockingIndex()
        index.take("12")
        index.take(text)
        #expect(index.value == 1 && index.penalty == .seconds(1))
        index.take(text)
        #expect(index.penalty == .seconds(2))
        for _ in 0..<40 { index.take(text) }
        #expect(index.penalty == .seconds(30), "it stays bounded")
        index.take("13")
        #expect(index.value == 13 && index.penalty == .zero)
    }

    @Test func headersSayHowOldAListIs() {
        let standing = ListStanding(
            HTTPFields([("x-consul-index", "5"), ("X-Consul-Knownleader", "false"), ("X-Consul-Lastcontact", "6100"), ("X-Consul-Results-Filtered-By-ACLs", "true")]))
        #expect(standing.index == "5" && standing.knowsLeader == false && standing.lastContact == 6100 && standing.isFiltered)
        let silent = ListStanding(HTTPFields())
        #expect(silent.index == nil && silent.knowsLeader == nil && silent.lastContact == 0 && !silent.isFiltered)
    }
}
