import Simulator
import Testing

@Suite struct ShellTests {
    static let cases: [([String], Int, String)] = [
        (["sh", "-c", "echo hello world"], 0, "hello world\n"),
        (["sh", "-c", "echo 'a; b' && echo \"c && d\""], 0, "a; b\nc && d\n"),
        (["sh", "-c", "x"], 127, "sh: x: not found\n"),
        (["sh", "-c", "exit 7"], 7, ""),
        (["sh", "-c", "false || echo saved; echo $?"], 0, "saved\n0\n"),
        (["sh", "-c", "false && echo no; echo after"], 0, "after\n"),
        (["sh", "-c", "cat /nowhere"], 1, "cat: can't open '/nowhere': No such file or directory\n"),
        (["cat", "/app/VERSION"], 0, "2.0\n"),
        (["sh", "-c", "echo $SERVICE_NAME ${SERVICE_CHECK_HTTP}"], 0, "web /health\n"),
        (["nosuch"], 126, "executable file not found in $PATH"),
        (["wget", "-qO-", "http://shop_cart:8081/"], 0, "ok\n"),
        (["wget", "-qO-", "http://data_db:5432/"], 1, "wget: bad address 'data_db:5432'\n"),
        (["nc", "-zv", "cart", "8081"], 0, "open\n"),
        (["nc", "-z", "cart", "9999"], 1, "Connection refused"),
        (["nslookup", "tasks.shop_cart"], 0, "Address: 10.0.2."),
        (["nslookup", "web.service.consul"], 0, "Name:\tweb.service.consul"),
        (["sh", "-c", "ps | grep -c server.js"], 0, "3\n"),
        (["sh", "-c", "echo a b | tr a-z A-Z; printf '%s-%03d\\n' x 7"], 0, "A B\nx-007\n"),
        (["sh", "-c", "i=0; while [ $i -lt 3 ]; do i=$((i + 1)); [ $i = 2 ] && continue; echo $i; done"], 0, "1\n3\n"),
        (["sh", "-c", "for x in a 'b c' $(echo d e); do echo \"<$x>\"; done"], 0, "<a>\n<b c>\n<d>\n<e>\n"),
        (["sh", "-c", "if test -e /tmp/x; then echo yes; elif true; then echo no; fi > /tmp/x; cat /tmp/x; ls /tmp"], 0, "no\nx\n"),
        (["sh", "-c", "until false; do echo once; break; done; ! true || echo ${NOBODY:-nobody}"], 0, "once\nnobody\n"),
        (["sh", "-c", "(cd /etc; echo bad >&2) 2>&1; pwd"], 0, "bad\n/\n"),
        (["sh", "-c", "echo 'unended"], 2, "unterminated quoted string"),
        (["sh", "-c", "while true; do x=$x$x$x.; done"], 137, ""),
        (["sh", "-c", "x=" + String(repeating: "a", count: 9000) + "; for i in $(seq 4000); do y=" + String(repeating: "$x", count: 3000) + "; done"], 137, ""),
        (["/bin/zsh"], 126, "exec: \"/bin/zsh\": stat /bin/zsh: no such file or directory: unknown"),
        (["sh"], 0, ""),
    ]

    @Test(arguments: cases) func answers(_ arguments: [String], _ code: Int, _ text: String) throws {
        var cluster = Cluster()
        let web = try #require(cluster.container("shop_web.1"))
        let before = cluster.world.lastSequence
        let answer = try cluster.world.order(.execute(container: web.id, arguments: arguments, host: web.host))
        let execution = try #require(answer.execution)
        #expect(execution.exitCode == code)
        #expect(text.isEmpty ? execution.output.isEmpty : (execution.output + execution.errors).contains(text))
        #expect(cluster.world.happenings(after: before).compactMap { $0.action(of: web.id) } == ["exec_create", "exec_start", "exec_die \(code)"])
    }

    @Test func thereIsNoShellInWhatDoesNotRun() throws {
        var cluster = Cluster()
        let backup = try cluster.world.container("backup", on: "h1")
        let refusal = cluster.refusal(.execute(container: "backup", arguments: ["sh"], host: "h1"))
        #expect(refusal == OrderRefusal(.conflict, "Container \(backup.id) is not running"))
    }

    @Test func aCutNetworkIsFeltInside() throws {
        var cluster = Cluster()
        let web = try #require(cluster.world.containers.values.first { $0.name.hasPrefix("shop_web.") && cluster.world.hosts[$0.host]?.name == "h1" })
        let target = try #require(cluster.world.containers.values.first { $0.name.hasPrefix("shop_cart.") && cluster.world.hosts[$0.host]?.name == "h2" })
        func knock(_ cluster: inout Cluster) throws -> String {
            let order = Order.execute(container: web.id, arguments: ["nc", "-z", target.address, "8081"], host: "h1")
            let answer = try cluster.world.order(order)
            return try #require(answer.execution).errors
        }
        #expect(try knock(&cluster) == "")
        try cluster.world.order(.mishap(.cutNetwork("h2")))
        #expect(try knock(&cluster).contains("timed out"))
    }
}
