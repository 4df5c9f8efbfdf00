internal import Domain
internal import Testing
internal import Transport
@testable internal import DockerEngine

/// Where an engine stands, what went wrong with a swarm, and in which words.
@Suite struct SwarmStandingTests {
    private func standing(_ json: String, isPodman: Bool = false) throws -> SwarmStanding {
        let connection = DockerConnection(address: .unix(path: "/nowhere"))
        let info = try connection.decode(SwarmInfo.self, HTTPResponse(status: 200, body: Array(json.utf8)), reading: "it", attempt: "read it")
        return SwarmStanding(info, isPodman: isPodman, address: "unix:///x")
    }

    @Test(arguments: [
        (#"This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again."#, SwarmPlace.outside),
        ("This node is not a swarm manager. Worker nodes can't be used to view or modify cluster state. Please run this command on a manager node or promote the current node to a manager.", .worker),
        ("This node is not a swarm manager. Manager is being prepared or has trouble connecting to the cluster.", .pending),
        (#"Swarm is encrypted and needs to be unlocked before it can be used. Please use "docker swarm unlock" to unlock it."#, .locked),
        ("Swarm certificates have expired. To replace them, leave the swarm and join again.", .broken),
        (#"connection error: desc = "transport: Error while dialing dial unix /var/run/docker/swarm/control.sock: connect: no such file or directory""#, .pending),
    ])
    func readsRefusals(_ words: String, _ place: SwarmPlace) {
        #expect(SwarmPlace(refusal: words, status: 503) == place)
    }

    @Test(arguments: [(404, SwarmPlace.unfit), (405, .unfit), (501, .unfit), (403, .hidden), (401, .hidden), (500, nil), (503, nil), (0, nil)])
    func otherRefusalsGoByTheirStatus(_ status: Int, _ place: SwarmPlace?) {
        #expect(SwarmPlace(refusal: "something else", status: status) == place)
    }

    @Test func readsAManager() throws {
        let manager = try standing(#"{"Name":"lab-n1","Swarm":{"NodeID":"s1v65v5","LocalNodeState":"active","ControlAvailable":true,"Error":"","RemoteManagers":[{"NodeID":"x","Addr":"198.51.100.1:2377"}],"Nodes":3,"Managers":1,"Cluster":{}}}"#)
        #expect(manager.place == .manager && manager.node == "s1v65v5" && manager.managers == ["198.51.100.1"] && manager.error.isEmpty)
    }

    @Test func aWorkerNamesTheManagers() throws {
        let worker = try standing(#"{"Name":"lab-n2","Swarm":{"NodeID":"c","LocalNodeState":"active","ControlAvailable":false,"RemoteManagers":[{"Addr":"[2001:db8::1]:2377"},{"Addr":"10.77.0.2:2377"},{"Addr":"10.77.0.1:2377"}]}}"#)
        #expect(worker.place == .worker && worker.place.isQuiet)
        #expect(worker.words.hasPrefix("the engine lab-n2 is a worker of a swarm: it knows only its own tasks, which are the containers under 2"))
        #expect(worker.words.contains("10.77.0.1, 10.77.0.2, 2001:db8::1 (where its API listens; port 2377 is not it)"))
    }

    @Test func anEngineWithoutSwarmSaysHowToMakeOne() throws {
        let outside = try standing(#"{"Name":"vm","Swarm":{"NodeID":"","LocalNodeState":"inactive","ControlAvailable":false,"RemoteManagers":null}}"#)
        #expect(outside.words == "the engine vm is part of no swarm: docker swarm init makes it the manager of a new one" && outside.place.isQuiet)
        #expect(try standing("{}").words.contains("unix:///x is part of no swarm"))
        #expect(try standing("{}", isPodman: true).place == .unfit)
    }

    @Test func whatIsWrongIsATrouble() throws {
        let locked = try standing(#"{"Name":"vm","Swarm":{"LocalNodeState":"locked"}}"#)
        #expect(!locked.place.isQuiet && locked.trouble(attempt: "follow").remedy == "docker swarm unlock, on that machine")
        let broken = try standing(#"{"Name":"vm","Swarm":{"LocalNodeState":"error","Error":"certificate \u001b[31mexpired"}}"#)
        #expect(broken.trouble(attempt: "follow").answer == "the engine vm cannot take part in its swarm: certificate  [31mexpired")
        #expect(try standing(#"{"Swarm":{"LocalNodeState":"pending"}}"#).place == .pending)
    }

    @Test func aManagerWithoutLeaderKnowsIt() throws {
        let error = "rpc error: code = Unknown desc = The swarm does not have a leader. It's possible that too few managers are online."
        let manager = try standing(#"{"Swarm":{"LocalNodeState":"active","ControlAvailable":true,"Error":"\#(error)"}}"#)
        #expect(manager.place == .manager && SwarmTrouble.isLeaderless(manager.error) && manager.error.hasPrefix("The swarm"))
    }

    private func managers(_ reachabilities: String...) -> [Node] {
        reachabilities.enumerated().map { Node(id: Node.ID(SwarmFixture.source, "n\($0.offset)"), name: "n", roles: ["manager"], reachability: $0.element) }
    }

    @Test func theQuorumIsCounted() {
        let worker = Node(id: Node.ID(SwarmFixture.source, "w"), name: "w", roles: ["worker"])
        let trouble = SwarmTrouble.lostQuorum(attempt: "follow", nodes: managers("reachable", "unreachable", "unreachable") + [worker], managers: 0)
        #expect(trouble.answer == "the swarm has lost its quorum: 1 of 3 managers is reachable")
        #expect(trouble.remedy == "no change is possible until a majority of managers (2 of 3) is back; what runs goes on running")
        let two = SwarmTrouble.lostQuorum(attempt: "follow", nodes: managers("reachable", "reachable", "unreachable", "unreachable", "unknown"), managers: 0)
        #expect(two.answer == "the swarm has lost its quorum: 2 of 5 managers are reachable")
        // Nobody had the time to say who is missing, or nobody ever told.
        let sudden = SwarmTrouble.lostQuorum(attempt: "follow", nodes: managers("reachable", "reachable", "reachable"), managers: 0)
        #expect(sudden.answer == "the swarm has lost its quorum: fewer than 2 of 3 managers are reachable")
        #expect(SwarmTrouble.lostQuorum(attempt: "follow", nodes: [], managers: 3).answer == sudden.answer)
    }

    @Test func aLeaderWithoutMajorityIsRemarkedOn() {
        #expect(SwarmTrouble.quorumRemark(managers("reachable", "unreachable", "unreachable")) == "only 1 of 3 managers is reachable: no change is possible without a majority")
        #expect(SwarmTrouble.quorumRemark(managers("reachable", "reachable", "unreachable")) == nil)
        #expect(SwarmTrouble.quorumRemark(managers("", "reachable")) == nil && SwarmTrouble.quorumRemark([]) == nil)
    }

    @Test(arguments: [
        ("rpc error: code = Unknown desc = update out of sequence", "update out of sequence"), ("service x not found", "service x not found"),
        ("connection error: desc = \"x\"", "connection error: desc = \"x\""),
    ])
    func wordsOfTheWireAreTakenOff(_ words: String, _ plain: String) { #expect(SwarmTrouble.plain(words) == plain) }

    @Test func titlesCountNodes() {
        func nodes(_ states: Node.Status...) -> [Node] { states.enumerated().map { Node(id: Node.ID(SwarmFixture.source, "\($0.offset)"), name: "n", status: $0.element) } }
        #expect(SwarmWatch.title(nodes(.ready, .ready, .ready)) == "swarm 3 nodes" && SwarmWatch.title(nodes(.ready)) == "swarm 1 node")
        #expect(SwarmWatch.title(nodes(.ready, .down, .ready)) == "swarm 2/3 nodes")
    }
}
