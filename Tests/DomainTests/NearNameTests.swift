import Domain
import Testing

@Suite struct NearNameTests {
    @Test(arguments: [
        ("imge", "image"), ("enviroment", "environment"), ("envrionment", "environment"), ("port", "ports"), ("Image", "image"), ("depoly", "deploy"),
        ("bu_ild", "build"), ("restart-policy", nil), ("xyz", nil), ("", nil), ("i", nil), (String(repeating: "a", count: 5000), nil),
    ] as [(String, String?)])
    func near(_ typed: String, _ meant: String?) {
        #expect(nearName(typed, among: ["image", "environment", "ports", "deploy", "build"]) == meant)
    }
}
