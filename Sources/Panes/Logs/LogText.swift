/// Makes a printed line fit to be read: escape sequences out, the last state of a line that redraws itself, tabs
/// widened. Nothing that a terminal would act upon is left.
public enum LogText {
    public static func clean(_ text: String) -> String {
        var isPlain = true
        for byte in text.utf8 where byte < 0x20 || byte == 0x7F || byte == 0xC2 {
            isPlain = false
            break
        }
        if isPlain { return text }
        var out = String.UnicodeScalarView()
        var scalars = Array(text.unicodeScalars)[...]
        var column = 0
        while let scalar = scalars.popFirst() {
            switch scalar.value {
            case 0x1B: skipEscape(&scalars)
            case 0x9B: skipControlSequence(&scalars)
            case 0x9D, 0x90, 0x98, 0x9E, 0x9F: skipString(&scalars)
            case 0x0D:
                // A progress bar rewrites its line: what it says last is what counts.
                if !scalars.isEmpty {
                    out.removeAll(keepingCapacity: true)
                    column = 0
                }
            case 0x09:
                repeat {
                    out.append(" ")
                    column += 1
                } while column % 8 != 0
            case 0x08: if !out.isEmpty { out.removeLast() }
            case 0..<0x20, 0x7F..<0xA0: continue
            default:
                out.append(scalar)
                column += 1
            }
        }
        return String(out)
    }

    private static func skipEscape(_ scalars: inout ArraySlice<Unicode.Scalar>) {
        guard let next = scalars.first else { return }
        switch next.value {
        case 0x5B:  // [
            scalars.removeFirst()
            skipControlSequence(&scalars)
        case 0x5D, 0x50, 0x58, 0x5E, 0x5F:  // ] P X ^ _
            scalars.removeFirst()
            skipString(&scalars)
        case 0x20...0x2F:
            while let value = scalars.first?.value, (0x20...0x2F).contains(value) { scalars.removeFirst() }
            _ = scalars.popFirst()
        case 0x30...0x7E: scalars.removeFirst()
        default: return
        }
    }

    private static func skipControlSequence(_ scalars: inout ArraySlice<Unicode.Scalar>) {
        while let value = scalars.first?.value {
            guard (0x20...0x3F).contains(value) else {
                if (0x40...0x7E).contains(value) { scalars.removeFirst() }
                return
            }
            scalars.removeFirst()
        }
    }

    private static func skipString(_ scalars: inout ArraySlice<Unicode.Scalar>) {
        while let scalar = scalars.popFirst() {
            if scalar.value == 0x07 || scalar.value == 0x9C { return }
            if scalar.value == 0x1B {
                if scalars.first == "\\" { scalars.removeFirst() }
                return
            }
        }
    }
}
