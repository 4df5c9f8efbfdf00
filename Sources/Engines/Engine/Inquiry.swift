public import Domain

/// Asks the network itself: whether a connection opens from here, what a name server answers now. Every question has an
/// answer within a few seconds; what could not be asked is answered by the reason.
public typealias Inquiry = @Sendable (Evidence.Question) async -> Evidence.Answer
