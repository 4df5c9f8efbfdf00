internal import Drawing

/// A mouse report as the terminal writes it.
///
/// Only the left button and the wheel mean anything here: other buttons and motion give nil.
struct MouseReport {
    /// `CSI < button ; column ; row M` for a press, `m` for a release.
    static func sgr(_ numbers: [Int], isRelease: Bool) -> Mouse? {
        guard numbers.count == 3, numbers[1] > 0, numbers[2] > 0 else { return nil }
        return mouse(button: numbers[0], isRelease: isRelease, x: numbers[1] - 1, y: numbers[2] - 1)
    }

    /// `CSI M` and three bytes, from terminals that do not know the other form. A release does not name its button.
    static func old(_ button: UInt8, _ column: UInt8, _ row: UInt8) -> Mouse? {
        guard button >= 32, column > 32, row > 32 else { return nil }
        let code = Int(button) - 32
        let isRelease = code & 0b1100_0011 == 3
        return mouse(button: isRelease ? 0 : code, isRelease: isRelease, x: Int(column) - 33, y: Int(row) - 33)
    }

    private static func mouse(button: Int, isRelease: Bool, x: Int, y: Int) -> Mouse? {
        // 4, 8 and 16 are shift, alt and control; 32 is motion.
        switch button & ~0b1_1100 {
        case 0: Mouse(action: isRelease ? .release : .press, x: x, y: y)
        case 64 where !isRelease: Mouse(action: .wheelUp, x: x, y: y)
        case 65 where !isRelease: Mouse(action: .wheelDown, x: x, y: y)
        default: nil
        }
    }
}
