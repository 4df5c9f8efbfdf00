extension Settings {
    /// config.yaml with every key, its meaning and its default: what `binnacle --print-config` prints.
    ///
    /// Every setting is commented out, so that the text is a configuration that changes nothing: prose has one space
    /// behind its `#`, a setting none, or two and more where it is indented.
    public static let sample = """
        # Binnacle's configuration: $XDG_CONFIG_HOME/binnacle/config.yaml (mostly ~/.config/binnacle/config.yaml).
        # A flag beats an environment variable, that beats this file, and this file beats the default.
        # A key that is not known or a value that does not fit is named with its line, and the program goes on.

        # The theme: one built in (binnacle, binnacle-light, mono) or NAME of a NAME.theme in ~/.config/binnacle/themes
        # or in the installed themes. Flag --theme, variable BINNACLE_THEME, key F2.
        #theme: binnacle

        # Offer no changes at all. Flag --readonly, variable BINNACLE_READONLY.
        #readonly: false

        # How many colours: auto, never, 16, 256 or direct (24 bits). Flags --color, --no-color, variable NO_COLOR.
        #color: auto

        # Draw with ASCII only: auto (as the locale says), true or false. Flag --ascii.
        #ascii: auto

        # Take the mouse; without it the terminal's own selection works. Flag --no-mouse.
        #mouse: true

        # Seconds between two samples of processor, memory and traffic, 0.2 to 3600. Flag --interval.
        #interval: 2

        # Where history and journal are kept; without a word here $XDG_STATE_HOME/binnacle. Flag --state.
        #state: ~/.local/state/binnacle

        # Engines (by name, * and ? as in a shell) where nothing is changed, unless the engine below says readonly: false;
        # every change then wants its name typed.
        #production: [prod, "*-prod"]

        # For a later version, which unlocks for a while from inside: minutes until it is locked again, 1 to 1440.
        #unlock: 15

        # Other keys for commands: a key or a list of them; [] leaves the command without one. The names of commands
        # and keys are on the help page (?).
        #keys:
        #  scale: s
        #  logs: [l, F4]
        #  undeploy: []

        # The engines to watch, side by side. Without this list: DOCKER_HOST, DOCKER_CONTEXT, docker's current context,
        # then the socket found on this machine. Flags --host and --context (both may be repeated) replace the list,
        # and what stands here about the same host or context still holds.
        #engines:
        #  # neither host nor context: the engine of this machine
        #  - name: laptop
        #  # a docker context, as `docker context ls` shows it
        #  - context: staging
        #  # any address that docker -H takes
        #  - host: ssh://ops@10.0.0.5
        #    name: files
        #    readonly: true
        #  - host: tcp://10.0.0.6:2376
        #    name: prod
        #    production: true
        #    # one version, without negotiation; variable DOCKER_API_VERSION
        #    api_version: "1.41"
        #    headers:
        #      X-Team: harbour
        #    # true, false, or the files; without tls: DOCKER_TLS_VERIFY, DOCKER_TLS and DOCKER_CERT_PATH decide
        #    tls:
        #      # holds ca.pem, cert.pem and key.pem
        #      folder: ~/.docker/prod
        #      # or one by one
        #      ca: ~/certs/ca.pem
        #      cert: ~/certs/cert.pem
        #      key: ~/certs/key.pem
        #      # false: anybody could answer in the engine's place; the source strip says so
        #      verify: true

        # The Consul agents to ask, or false for none. Without a word here: CONSUL_HTTP_ADDR, then 127.0.0.1:8500, where it
        # is nothing wrong when none answers. Flags --consul (may be repeated) and --no-consul replace the list, and what
        # stands here about the same address or name still holds.
        #consul:
        #  # as CONSUL_HTTP_ADDR: host:port, http://…, https://… or unix:///path
        #  - address: 127.0.0.1:8500
        #    name: here
        #    # the ACL token, or the file it is in; without either CONSUL_HTTP_TOKEN_FILE or CONSUL_HTTP_TOKEN, where this
        #    # is the only one
        #    token_file: ~/.consul-token
        #  - address: https://10.0.0.7:8501
        #    name: prod
        #    production: true
        #    token: 11111111-2222-3333-4444-555555555555
        #    # not the agent's own
        #    datacenter: dc2
        #    # Consul Enterprise
        #    namespace: team
        #    partition: default
        #    # user:password for a proxy in front of it
        #    auth: reader:secret
        #    # true, false, or the files; without tls: CONSUL_HTTP_SSL, CONSUL_CACERT and their like decide
        #    tls:
        #      ca: ~/certs/consul-ca.pem
        #      cert: ~/certs/cert.pem
        #      key: ~/certs/key.pem
        #      # the name that the certificate must hold, in place of the host
        #      server_name: server.dc2.consul
        #      # false: anybody could answer in the agent's place; the source strip says so
        #      verify: true

        # The registry that Binnacle keeps itself, from SERVICE_NAME and its like of the containers: auto (as long as no
        # Consul answers), on or off.
        #registry:
        #  mode: auto
        #  # run checks that are scripts, inside of their containers
        #  scripts: false

        """
}
