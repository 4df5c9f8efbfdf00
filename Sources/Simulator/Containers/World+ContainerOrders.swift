internal import Domain

extension World {
    mutating func create(_ spec: SimContainerSpec, name: String, host: String) throws(OrderRefusal) -> Answer {
        guard let machine = self.host(host) else { throw OrderRefusal(.serverError, "no such host: \(host)") }
        if !name.isEmpty, !World.isName(name) {
            throw OrderRefusal(.badRequest, "Invalid container name (\(name)), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed")
        }
        if spec.image.isEmpty { throw OrderRefusal(.badRequest, "no command specified") }
        var answer = Answer()
        answer.id = try make(spec, name: name, on: machine.id)
        return answer
    }

    static func isName(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        func isPlain(_ byte: UInt8) -> Bool { (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) }
        return bytes.count > 1 && bytes.count <= 255 && isPlain(bytes[0]) && bytes.allSatisfy { isPlain($0) || [95, 46, 45].contains($0) }
    }

    mutating func startOrder(_ reference: String, _ host: String) throws(OrderRefusal) -> Answer {
        let container = try self.container(reference, on: host)
        if container.state == .paused { throw OrderRefusal(.conflict, "cannot start a paused container, try unpause instead") }
        if container.isRunning { throw OrderRefusal(.notModified, "") }
        try start(container.id)
        return Answer()
    }

    mutating func stopOrder(_ reference: String, _ grace: Duration?, _ host: String) throws(OrderRefusal) -> Answer {
        let container = try self.container(reference, on: host)
        if container.state == .restarting {
            containers[container.id]?.state = .exited
            containers[container.id]?.isStopWanted = true
            return Answer()
        }
        guard container.isRunning else { throw OrderRefusal(.notModified, "") }
        thaw(container)
        var answer = Answer()
        answer.doneAt = askToEnd(container.id, signal: World.number(ofSignal: container.spec.stopSignal) ?? 15, grace: grace, then: .stop)
        answer.run = Answer.Run(container: container.id, generation: container.generation)
        return answer
    }

    /// A frozen program takes no signal but SIGKILL; Docker thaws it first where it may.
    private mutating func thaw(_ container: SimContainer) {
        guard container.state == .paused else { return }
        containers[container.id]?.work.setFactor(1, at: now)
        containers[container.id]?.state = .running
        thawScript(of: container.id)
        tell(container, .unpause)
    }

    mutating func killOrder(_ reference: String, _ signal: String, _ host: String) throws(OrderRefusal) -> Answer {
        let container = try self.container(reference, on: host)
        guard let number = World.number(ofSignal: signal.isEmpty ? "SIGKILL" : signal) else { throw OrderRefusal(.badRequest, "Invalid signal: \(signal)") }
        guard container.isRunning else {
            throw OrderRefusal(.conflict, "Cannot kill container: \(reference): Container \(container.id) is not running")
        }
        // Signals that programs live with: HUP, USR1, USR2, WINCH, CHLD, CONT, URG …
        if [1, 10, 12, 17, 18, 23, 28].contains(number) {
            tell(container, .kill(signal: number))
            self.signal(script: container.id, number)
            return Answer()
        }
        var answer = Answer()
        if number == 9 {
            answer.doneAt = askToEnd(container.id, signal: number, grace: nil, then: .nothing)
            answer.run = Answer.Run(container: container.id, generation: container.generation)
        } else if container.program.role == .plain {
            // The first process of a container hears only of what it asked for.
            tell(container, .kill(signal: number))
            self.signal(script: container.id, number)
        } else if [2, 3, 15].contains(number) {
            _ = askToEnd(container.id, signal: number, grace: .seconds(3600), then: .nothing)
        } else {
            tell(container, .kill(signal: number))
            end(container.id, code: 128 + number)
        }
        return answer
    }

    static func number(ofSignal name: String) -> Int? {
        if let number = Int(name) { return (1...64).contains(number) ? number : nil }
        let word = name.uppercased()
        let names = [
            "HUP": 1, "INT": 2, "QUIT": 3, "ABRT": 6, "KILL": 9, "USR1": 10, "SEGV": 11, "USR2": 12, "TERM": 15, "CHLD": 17, "CONT": 18, "STOP": 19,
            "URG": 23, "WINCH": 28,
        ]
        return names[word.hasPrefix("SIG") ? String(word.dropFirst(3)) : word]
    }

    mutating func restartOrder(_ reference: String, _ grace: Duration?, _ host: String) throws(OrderRefusal) -> Answer {
        let container = try self.container(reference, on: host)
        guard container.isRunning else {
            containers[container.id]?.state = .exited
            try start(container.id)
            if let container = containers[container.id] { tell(container, .restart) }
            return Answer()
        }
        thaw(container)
        var answer = Answer()
        answer.doneAt = askToEnd(container.id, signal: World.number(ofSignal: container.spec.stopSignal) ?? 15, grace: grace, then: .restart)
        answer.run = Answer.Run(container: container.id, generation: container.generation)
        return answer
    }

    mutating func pauseOrder(_ reference: String, isPause: Bool, _ host: String) throws(OrderRefusal) -> Answer {
        let container = try self.container(reference, on: host)
        if isPause {
            guard container.isRunning else { throw OrderRefusal(.conflict, "Container \(container.id) is not running") }
            guard container.state != .paused else { throw OrderRefusal(.conflict, "Container \(container.id) is already paused") }
        } else if container.state != .paused {
            throw OrderRefusal(.serverError, "Container \(container.id) is not paused")
        }
        containers[container.id]?.state = isPause ? .paused : .running
        containers[container.id]?.work.setFactor(isPause ? 0 : container.service.flatMap { loads[$0] } ?? 1, at: now)
        if !isPause { thawScript(of: container.id) }
        tell(container, isPause ? .pause : .unpause)
        noteFault(of: container.id)
        return Answer()
    }

    mutating func renameOrder(_ reference: String, _ name: String, _ host: String) throws(OrderRefusal) -> Answer {
        let container = try self.container(reference, on: host)
        let name = name.hasPrefix("/") ? String(name.dropFirst()) : name
        guard !name.isEmpty else { throw OrderRefusal(.badRequest, "Neither old nor new names may be empty") }
        guard World.isName(name) else {
            throw OrderRefusal(.badRequest, "Error when allocating new name: Invalid container name (/\(name)), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed")
        }
        if name == container.name { throw OrderRefusal(.badRequest, "Renaming a container with the same name as its current name") }
        if let holder = hosts[container.host]?.names[name] {
            throw OrderRefusal(
                .conflict,
                "Error when allocating new name: Conflict. The container name \"/\(name)\" is already in use by container \"\(holder)\". You have to remove (or rename) that container to be able to reuse that name.")
        }
        hosts[container.host]?.names[container.name] = nil
        hosts[container.host]?.names[name] = container.id
        containers[container.id]?.name = name
        if let renamed = containers[container.id] { tell(renamed, .rename(from: container.name)) }
        return Answer()
    }

    mutating func removeOrder(_ reference: String, force: Bool, volumes: Bool, _ host: String) throws(OrderRefusal) -> Answer {
        let container = try self.container(reference, on: host)
        if case .remove = container.afterwards { throw OrderRefusal(.conflict, "removal of container \(reference) is already in progress") }
        guard container.isRunning else {
            if container.state == .restarting, !force {
                throw OrderRefusal(
                    .conflict,
                    "You cannot remove a restarting container \(container.id). Stop the container before attempting removal or force remove")
            }
            remove(container.id)
            if volumes { removeAnonymousVolumes(of: container) }
            if let task = container.task { containerVanished(task) }
            return Answer()
        }
        guard force else {
            let word = container.state == .paused ? "paused" : "running"
            let way = container.state == .paused ? "Unpause and then stop the container before attempting removal or force remove" : "Stop the container before attempting removal or force remove"
            throw OrderRefusal(.conflict, "You cannot remove a \(word) container \(container.id). \(way)")
        }
        thaw(container)
        var answer = Answer()
        answer.doneAt = askToEnd(container.id, signal: 9, grace: nil, then: .remove)
        // They are no longer of use to it, and of no use to anybody else.
        if volumes { removeAnonymousVolumes(of: container) }
        return answer
    }

    mutating func updateOrder(
        _ reference: String, _ nanoCPUs: Int64?, _ memory: UInt64?, _ restart: SimContainerSpec.Restart?, _ host: String
    ) throws(OrderRefusal) -> Answer {
        let container = try self.container(reference, on: host)
        if let memory, memory > 0, memory < 6 << 20 {
            throw OrderRefusal(.badRequest, "Cannot update container \(container.id): Minimum memory limit allowed is 6MB")
        }
        if let nanoCPUs { containers[container.id]?.spec.nanoCPUs = nanoCPUs }
        if let memory { containers[container.id]?.spec.memory = memory }
        if let restart { containers[container.id]?.spec.restart = restart }
        if let leak = container.leak {
            // The end is worked out anew; what was planned for the old limit finds that it is not reached.
            setLeak(of: container.id, to: leak.bytesPerSecond)
        }
        tell(container, .update)
        return Answer()
    }

    mutating func pruneContainers(_ labels: [String], _ host: String) throws(OrderRefusal) -> Answer {
        var answer = Answer()
        for container in containers(on: host) where !container.isRunning && container.state != .restarting && container.meets(labels) {
            answer.removed.append(container.id)
            answer.reclaimed += UInt64(container.journal.spoken.reduce(4096) { $0 + $1.text.utf8.count })
            remove(container.id)
        }
        return answer
    }

    mutating func execute(_ reference: String, _ arguments: [String], _ host: String) throws(OrderRefusal) -> Answer {
        let container = try self.container(reference, on: host)
        guard container.isRunning else { throw OrderRefusal(.conflict, "Container \(container.id) is not running") }
        if container.state == .paused { throw OrderRefusal(.conflict, "Container \(reference) is paused, unpause the container before exec") }
        guard !arguments.isEmpty else { throw OrderRefusal(.badRequest, "No exec command specified") }
        var answer = Answer()
        answer.id = random.hexadecimal(64)
        let command = arguments.joined(separator: " ")
        tell(container, .execCreate(command: command, exec: answer.id))
        tell(container, .execStart(command: command, exec: answer.id))
        let (execution, files) = execution(arguments, in: container)
        setFiles(files, of: container.id)
        tell(container, .execDie(exec: answer.id, exitCode: execution.exitCode))
        answer.execution = execution
        return answer
    }

    private func execution(_ arguments: [String], in container: SimContainer) -> (SimExecution, [String: String]) {
        var shell = Shell(container: container, world: self)
        let execution = shell.run(arguments)
        return (execution, shell.files)
    }

    private mutating func removeAnonymousVolumes(of container: SimContainer) {
        for mount in container.spec.mounts where mount.isAnonymous {
            guard hosts[container.host]?.volumes.contains(mount.source) == true else { continue }
            hosts[container.host]?.volumes.remove(mount.source)
            tell(.volume(name: mount.source, action: "destroy", container: nil), host: container.host)
        }
    }
}

extension SimContainer {
    /// `key` or `key=value`, all of them.
    func meets(_ wanted: [String]) -> Bool {
        wanted.allSatisfy { wish in
            let parts = wish.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let value = spec.labels[String(parts[0])] else { return false }
            return parts.count == 1 || value == parts[1]
        }
    }
}
