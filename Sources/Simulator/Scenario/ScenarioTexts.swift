/// The texts of Scenarios/, built in; a test compares them with the files.
enum ScenarioTexts {
    static let all: [(name: String, text: String)] = [
        (
            "calm",
            #"""
            title: Calm
            find: nothing is wrong: look around, scale a service, drain a node, and see how it all settles again

            """#
        ),
        (
            "rolling-deploy",
            #"""
            title: A rolling deploy
            find: shop_web goes from 2.0 to 2.1 task by task while the others serve; the update status says completed in the end

            at 5s deploy shop_web image shop/web:2.1

            """#
        ),
        (
            "bad-deploy",
            #"""
            title: A bad deploy
            find: shop_web:2.2 ends at once with “Cannot find module” in its log and its update is paused; shop_pay:3.0 never becomes healthy and is rolled back by itself

            at 5s deploy shop_web image shop/web:2.2
            at 10s deploy shop_pay image shop/pay:3.0

            """#
        ),
        (
            "node-loss",
            #"""
            title: A node is lost
            find: h2 goes down, its tasks move to the other two, only data_db waits: no other node has ssd=true; h2 comes back after three minutes

            at 10s lose node h2
            at 190s return node h2

            """#
        ),
        (
            "memory-leak",
            #"""
            title: A memory leak
            find: shop_worker.1 grows by 4 MB a second until it is killed for want of memory (exit 137, OOM), is started anew, and grows again

            at 5s leak memory in shop_worker.1 by 4MB per second

            """#
        ),
        (
            "flapping-check",
            #"""
            title: A flapping check
            find: one check of pay goes from passing to critical and back every few seconds while its container is well: the number of flips tells it from an outage

            at 5s flap check pay every 8s

            """#
        ),
        (
            "no-capacity",
            #"""
            title: No room
            find: shop_search is to have six tasks with 1.5 processors each, and some find no node: insufficient resources; a lower reservation or fewer tasks let them in

            at 5s reserve 1.5 cpus and 1GB for shop_search
            at 10s scale shop_search to 6

            """#
        ),
        (
            "network-cut",
            #"""
            title: A network is cut
            find: h3 is alone: the swarm calls it down and starts its tasks elsewhere, the registry calls its agent failed, yet its containers run on; after three minutes the network is whole and the doubles end

            at 10s cut network of h3
            at 190s join network of h3

            """#
        ),
        (
            "registry-without-leader",
            #"""
            title: The registry has no leader
            find: nothing new is told by the registry: a cart task ends at 20s and its old entry stays as it was, until the leader returns after two minutes

            at 10s lose leader
            at 20s crash shop_cart.1 with code 139 saying "segmentation fault"
            at 130s return leader

            """#
        ),
    ]
}

extension Scenario {
    /// A text with an error in it is left out, which the test sees that compares the table with the files.
    static let builtIn: [Scenario] = ScenarioTexts.all.compactMap { entry in
        do throws(ScenarioError) { return try Scenario(name: entry.name, text: entry.text) } catch {
            assertionFailure("\(entry.name): \(error)")
            return nil
        }
    }
}
