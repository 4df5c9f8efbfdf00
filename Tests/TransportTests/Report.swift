/// What a server's script saw, told to the test that waits for it. A time limit on the suite ends a wait in vain.
final class Report<Value: Sendable>: Sendable {
    private let values: AsyncStream<Value>
    private let continuation: AsyncStream<Value>.Continuation

    init() {
        (values, continuation) = AsyncStream.makeStream()
    }

    func say(_ value: Value) {
        continuation.yield(value)
    }

    func next() async -> Value? {
        await values.first { _ in true }
    }
}
