/// The identity of an entity: which source told of it, and what that source calls it.
///
/// Two engines may hold objects of the same id (every engine has a network called `bridge`), so the source is part of
/// the identity. Selections, marks, histories and joins all go by these values, never by a row's index.
public struct Identifier<Entity>: Sendable, Hashable, CustomStringConvertible {
    public let source: Source.ID
    public let raw: String

    public init(_ source: Source.ID, _ raw: String) {
        self.source = source
        self.raw = raw
    }

    public var description: String { "\(source.raw)/\(raw)" }

    /// The first twelve characters: how the docker CLI shows ids.
    public var short: String { String(raw.prefix(12)) }
}
