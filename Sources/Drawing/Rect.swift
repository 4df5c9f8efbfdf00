public struct Size: Sendable, Hashable {
    public var width: Int
    public var height: Int
    public init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }
}

/// A part of the canvas, in cells; the origin is the top left corner.
public struct Rect: Sendable, Hashable {
    public var x: Int
    public var y: Int
    public var width: Int
    public var height: Int

    public init(x: Int, y: Int, width: Int, height: Int) {
        self.x = x
        self.y = y
        self.width = max(0, width)
        self.height = max(0, height)
    }

    public var maxX: Int { x + width }
    public var maxY: Int { y + height }
    public var isEmpty: Bool { width == 0 || height == 0 }

    public func inset(_ dx: Int, _ dy: Int) -> Rect {
        Rect(x: x + dx, y: y + dy, width: width - 2 * dx, height: height - 2 * dy)
    }

    public func contains(x px: Int, y py: Int) -> Bool { px >= x && px < maxX && py >= y && py < maxY }

    public func intersection(_ other: Rect) -> Rect {
        let left = max(x, other.x)
        let top = max(y, other.y)
        return Rect(x: left, y: top, width: min(maxX, other.maxX) - left, height: min(maxY, other.maxY) - top)
    }

    /// Takes `rows` off the top; self keeps the rest.
    public mutating func takeTop(_ rows: Int) -> Rect {
        let n = min(max(0, rows), height)
        let top = Rect(x: x, y: y, width: width, height: n)
        y += n
        height -= n
        return top
    }

    public mutating func takeBottom(_ rows: Int) -> Rect {
        let n = min(max(0, rows), height)
        height -= n
        return Rect(x: x, y: y + height, width: width, height: n)
    }

    public mutating func takeLeft(_ columns: Int) -> Rect {
        let n = min(max(0, columns), width)
        let left = Rect(x: x, y: y, width: n, height: height)
        x += n
        width -= n
        return left
    }

    /// A rect of at most this size in the middle.
    public func centered(width w: Int, height h: Int) -> Rect {
        let cw = min(w, width)
        let ch = min(h, height)
        return Rect(x: x + (width - cw) / 2, y: y + (height - ch) / 2, width: cw, height: ch)
    }
}
