internal import Testing
@testable internal import DockerEngine

@Suite struct DirtyContainersTests {
    @Test func aBurstCostsOneAnswerUnderWayAndOneAfterIt() {
        var dirty = DirtyContainers()
        for _ in 0..<10 { dirty.mark("a") }
        #expect(dirty.next() == .container("a"))
        #expect(dirty.next() == nil)
        for _ in 0..<10 { dirty.mark("a") }
        #expect(dirty.next() == nil)
        dirty.finished(.container("a"))
        #expect(dirty.next() == .container("a"))
        dirty.finished(.container("a"))
        #expect(dirty.next() == nil)
    }

    @Test func manyAreFetchedWithOneList() {
        var dirty = DirtyContainers()
        for number in 0...DirtyContainers.listThreshold { dirty.mark("c\(number)") }
        #expect(dirty.next() == .everything)
        dirty.mark("late")
        #expect(dirty.next() == nil)
        dirty.finished(.everything)
        #expect(dirty.next() == .container("late"))
    }

    @Test func theListWaitsForWhatIsUnderWay() {
        var dirty = DirtyContainers()
        dirty.mark("a")
        let first = dirty.next()
        dirty.markEverything()
        #expect(dirty.next() == nil)
        first.map { dirty.finished($0) }
        #expect(dirty.next() == .everything)
    }

    @Test func whatIsGoneIsForgotten() {
        var dirty = DirtyContainers()
        dirty.mark("a")
        dirty.mark("b")
        dirty.forget("a")
        #expect(dirty.next() == .container("b"))
        dirty.mark("b")
        dirty.forget("b")
        dirty.finished(.container("b"))
        #expect(dirty.next() == nil)
    }

    @Test func whatSettlesIsAskedLater() {
        var dirty = DirtyContainers()
        let start = ContinuousClock.now
        dirty.settle("a", at: start + .milliseconds(100))
        dirty.settle("b", at: start + .milliseconds(200))
        #expect(dirty.promote(at: start) == start + .milliseconds(100))
        #expect(dirty.next() == nil)
        #expect(dirty.promote(at: start + .milliseconds(150)) == start + .milliseconds(200))
        #expect(dirty.next() == .container("a"))
        #expect(dirty.promote(at: start + .milliseconds(250)) == nil)
        #expect(dirty.next() == .container("b"))
    }

    @Test func fewAtOnce() {
        var dirty = DirtyContainers()
        for number in 0..<10 { dirty.mark("c\(number)") }
        var started = 0
        while dirty.next() != nil { started += 1 }
        #expect(started == 4)
    }
}
