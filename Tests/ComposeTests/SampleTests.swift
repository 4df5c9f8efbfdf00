@testable import Compose
import Domain
import Testing

/// Files such as people have, each with the traits of one of docker/compose's own examples.
@Suite struct SampleTests {
    @Test func twoServicesAndCommands() throws {
        let stack = try read("services:\n  simple:\n    image: alpine\n    command: top\n  another:\n    image: alpine\n    command: sleep infinity\n")
        #expect(stack.services.map(\.arguments) == [["top"], ["sleep", "infinity"]] && stack.ignored == [])
    }

    @Test func networksByName() throws {
        let stack = try read(
            """
            services:
              side:
                image: mariadb
                network_mode: "service:db"
                environment:
                  - ALLOW_EMPTY=yes
              db:
                image: sentences/db
                init: true
                networks:
                  - dbnet
                  - near1
                  - near2
              web:
                image: sentences/web
                ports:
                  - "80"
                labels:
                  - "my-label=test"
                networks:
                  - servicenet
            networks:
              dbnet:
              servicenet:
                name: microservices
              near1:
                name: nearname
              near2:
                name: nearname-2
            """)
        #expect(stack.services[1].networks.map(\.network) == ["nearname", "nearname-2", "shop_dbnet"] && stack.services[1].usesInit == true)
        #expect(stack.services[2].networks == [.init(network: "microservices", aliases: ["web"])] && stack.services[2].containerLabels["my-label"] == "test")
        #expect(stack.networks.map(\.name) == ["shop_dbnet", "microservices", "nearname", "nearname-2", "shop_default"])
        #expect(stack.ignored.map { $0.prefix(20) } == ["network_mode of side:"].map { $0.prefix(20) })
    }

    @Test func exposedAndPublishedOnOneAddress() throws {
        let stack = try read(
            """
            services:
              nginx:
                image: nginx:latest
                expose: ['80', '443']
              box:
                image: busybox
                command: busybox httpd -f -p 8000
                ports:
                - '127.0.0.1:8001:8000'
            """)
        #expect(stack.services[0].ports == [] && stack.services[1].ports.map(\.description) == ["8001→8000"])
        #expect(stack.ignored == ["address 127.0.0.1 of box: a swarm publishes ports on every address of its nodes"])
    }

    @Test func dependenciesAndHealth() throws {
        let stack = try read(
            """
            services:
              first:
                image: nginx:alpine
                command: tail -f /dev/null
                stop_signal: SIGTERM
                depends_on:
                  nginx: {condition: service_healthy, restart: true}
              nginx:
                image: nginx:alpine
                labels:
                  TEST: ${LABEL:-test}
                healthcheck:
                  test:     "echo | nc -w 5 localhost:80"
                  interval: 2s
                  timeout:  1s
                  retries:  10
            """)
        #expect(stack.services[0].arguments == ["tail", "-f", "/dev/null"] && stack.services[1].containerLabels["TEST"] == "test")
        #expect(stack.services[1].healthCheck == .init(test: ["CMD-SHELL", "echo | nc -w 5 localhost:80"], interval: .seconds(2), timeout: .seconds(1), retries: 10))
        #expect(stack.ignored.count == 1)
    }

    @Test func volumesConfigsAndSecrets() throws {
        let text = """
            services:
              nginx:
                image: own/nginx
                build: nginx-build
                volumes:
                  - ./static:/usr/share/nginx/html
                  - staticVol:/usr/share/nginx/copy:ro
                  - /usr/src/app/modules
                  - otherVol:/usr/share/nginx/test
                ports:
                  - 80
                configs:
                  - myconfig
                secrets:
                  - mysecret
            volumes:
              staticVol:
              otherVol:
                name: myVolume
            configs:
              myconfig:
                file: ./static/index.html
            secrets:
              mysecret:
                file: ./static/index.html
            """
        let stack = try read(text, files: ["/srv/shop/static/index.html": "<p>"])
        #expect(
            stack.services[0].mounts == [
                .init(kind: "bind", origin: "/srv/shop/static", destination: "/usr/share/nginx/html"), .init(origin: "shop_staticVol", destination: "/usr/share/nginx/copy", isReadOnly: true, labels: ["com.docker.stack.namespace": "shop"]),
                .init(origin: "", destination: "/usr/src/app/modules"), .init(origin: "myVolume", destination: "/usr/share/nginx/test", labels: ["com.docker.stack.namespace": "shop"]),
            ])
        #expect(stack.services[0].configs.map(\.name) == ["shop_myconfig"] && stack.secrets.map(\.data) == [Array("<p>".utf8)])
        #expect(trouble(text)?.reason == .notFound)
    }

    @Test func namesFromTheEnvironment() throws {
        let text = "services:\n  backend:\n    image: $IMAGE_NAME:$IMAGE_TAG\n  test:\n    profiles:\n      - test\n    image: ${IMAGE_NAME}:test\n"
        #expect(try read(text, environment: ["IMAGE_NAME": "backend", "IMAGE_TAG": "latest"]).services.map(\.image) == ["backend:latest", "backend:test"])
        #expect(trouble(text)?.description.contains("line 3, services.backend.image: ':' is not the name of an image") == true)
    }

    @Test func sharedDevelopmentBlock() {
        let text = """
            x-dev: &x-dev
              watch:
                - action: sync
                  path: ./data
                  ignore:
                    - '*.foo'
            services:
              alpine:
                build:
                  dockerfile_inline: |-
                    FROM alpine
                    RUN mkdir -p /app/data
                init: true
                develop: *x-dev
            """
        #expect(trouble(text)?.description.contains("line 9, services.alpine.build: it has no image, and nothing is built here") == true)
        let mended = text.replacing("    init: true", with: "    image: alpine")
        #expect(trouble(mended) == nil)
    }
}
