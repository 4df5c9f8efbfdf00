/// Values by key that are told in the order in which they came.
///
/// A dictionary's order changes from run to run, and the world must not: whatever walks over many things walks over one of these.
/// Removing leaves a gap, which is closed when half of the room is gaps, so every step costs the same on average.
public struct Roster<Key: Hashable & Sendable, Value: Sendable>: Sendable, Sequence {
    private var slots: [(key: Key, value: Value)?] = []
    private var places: [Key: Int] = [:]

    public init() {}

    public var count: Int { places.count }
    public var isEmpty: Bool { places.isEmpty }

    public func contains(_ key: Key) -> Bool { places[key] != nil }

    public subscript(key: Key) -> Value? {
        get { places[key].flatMap { slots[$0]?.value } }
        _modify {
            // Taken out while it is changed, so that changing one field copies nothing.
            var value: Value?
            if let place = places[key] {
                value = slots[place]?.value
                slots[place] = nil
            }
            defer { put(value, at: key) }
            yield &value
        }
    }

    private mutating func put(_ value: Value?, at key: Key) {
        switch (value, places[key]) {
        case (let value?, let place?): slots[place] = (key, value)
        case (let value?, nil):
            places[key] = slots.count
            slots.append((key, value))
        case (nil, .some):
            places[key] = nil
            if slots.count > 32, places.count * 2 < slots.count { closeGaps() }
        case (nil, nil): break
        }
    }

    private mutating func closeGaps() {
        slots.removeAll { $0 == nil }
        for (place, slot) in slots.enumerated() {
            if let slot { places[slot.key] = place }
        }
    }

    public struct Iterator: IteratorProtocol {
        fileprivate var slots: IndexingIterator<[(key: Key, value: Value)?]>
        public mutating func next() -> (key: Key, value: Value)? {
            while let slot = slots.next() {
                if let slot { return slot }
            }
            return nil
        }
    }

    public func makeIterator() -> Iterator { Iterator(slots: slots.makeIterator()) }
    public var underestimatedCount: Int { places.count }

    /// Some key, by any number; nil where it falls on gaps only.
    func key(by number: Int) -> Key? {
        guard !slots.isEmpty else { return nil }
        for step in 0..<64 {
            if let slot = slots[(number + step) % slots.count] { return slot.key }
        }
        return nil
    }

    /// In the order in which they came.
    public var keys: [Key] { map(\.key) }
    public var values: [Value] { map(\.value) }
}

/// Keys in the order in which they came.
public struct OrderedKeys: Sendable, Sequence {
    fileprivate struct Mark: Sendable {}
    private var roster = Roster<String, Mark>()

    public init() {}

    public var count: Int { roster.count }
    public var isEmpty: Bool { roster.isEmpty }
    public func contains(_ key: String) -> Bool { roster.contains(key) }
    func key(by number: Int) -> String? { roster.key(by: number) }
    mutating func insert(_ key: String) { if !roster.contains(key) { roster[key] = Mark() } }
    mutating func remove(_ key: String) { roster[key] = nil }

    public struct Iterator: IteratorProtocol {
        fileprivate var inner: Roster<String, Mark>.Iterator
        public mutating func next() -> String? { inner.next()?.key }
    }

    public func makeIterator() -> Iterator { Iterator(inner: roster.makeIterator()) }
    public var underestimatedCount: Int { roster.count }
}
