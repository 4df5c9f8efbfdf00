import Domain
import Testing

@Suite struct SecretMaskTests {
    @Test(arguments: [
        (#"{"Env":["A=1","DB_PASSWORD=hunter2"]}"#, #"{"Env":["A=1","DB_PASSWORD=•••"]}"#),
        (#"{"Env":["MY_SECRET=a b\"c d","X=2"]}"#, #"{"Env":["MY_SECRET=•••","X=2"]}"#),
        (#"["P_TOKEN=ends in \\","B=2"]"#, #"["P_TOKEN=•••","B=2"]"#),
        ("docker run -e API_TOKEN='a b c' -e X=1 img", "docker run -e API_TOKEN='•••' -e X=1 img"),
        ("DB_PASS=geheim next", "DB_PASS=••• next"),
        ("MYSQL_PWD=x SSH_PRIVATE_KEY=y", "MYSQL_PWD=••• SSH_PRIVATE_KEY=•••"),
        (#"{"splunk-token":"abc","tag":"x"}"#, #"{"splunk-token":"•••","tag":"x"}"#),
        (#"{"api_key" : "abc"}"#, #"{"api_key" : "•••"}"#),
        ("DATABASE_URL=postgres://me:pw@db/x", "DATABASE_URL=postgres://me:•••@db/x"),
        (#"["--password","PW","--user","me"]"#, #"["--password","•••","--user","me"]"#),
        ("server --password PW --port 80", "server --password ••• --port 80"),
        ("server --password=PW", "server --password=•••"),
    ])
    func takesSecretsOut(text: String, masked: String) { #expect(SecretMask.masked(text) == masked) }

    @Test(arguments: [
        "", "=", "KEY=value", "A=1 B=2", "https://example.com:8080/a@b", #"{"key":"value"}"#, #"["token","next"]"#, "COMPASS=north", "a=b=c", "PASSWORD=", "日本=語",
        #"{"SecretName":"db","SecretID":"x1","n":1}"#, "http://[::1]:80/",
    ])
    func leavesTheRestAsItIs(text: String) { #expect(SecretMask.masked(text) == text) }

    @Test(arguments: [("DB_PASSWORD=x", "DB_PASSWORD=•••"), ("X=1", "X=1"), ("TOKEN=", "TOKEN="), ("U=ftp://a:b@c", "U=ftp://a:•••@c"), ("plain", "plain")])
    func oneVariable(text: String, masked: String) { #expect(SecretMask.masked(variable: text) == masked) }
}
