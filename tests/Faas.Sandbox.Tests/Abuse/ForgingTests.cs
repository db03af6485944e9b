using System.Net;
using static Faas.Sandbox.Tests.Abuse.Attempt;

namespace Faas.Sandbox.Tests.Abuse;

/// <summary>Making the server believe what did not happen.</summary>
[Collection(nameof(AbuseServers))]
public sealed class ForgingTests(AbuseServers abuse)
{
    private const string End = "b'\\x85' + (70).to_bytes(4, 'little') + b'{\"exitCode\":0,\"signal\":null,\"cpuMicroseconds\":1,\"maxRssBytes\":1}      '";

    private static readonly Attempt[] s_attempts =
    [
        Python("an END, printed", $"os.write(1, {End} * 3)\nos.write(2, {End} * 3)\nreturn 7", "= 7", "= 7"),
        JavaScript(
            "an END, printed, and another result",
            "process.stdout.write(Buffer.from([0x84, 6, 0, 0, 0, 0x56, 1, 0, 0, 0, 0x38, 0x85, 2, 0, 0, 0, 0x7b, 0x7d])); return 7;",
            "= 7",
            "= 7"),
        Python(
            "an END on every descriptor",
            $"for descriptor in range(3, 1024): no(lambda: os.write(descriptor, {End}))\nreturn 7",
            "error",
            "error"),
        JavaScript(
            "rubbish on every descriptor",
            "for (let fd = 3; fd < 1024; fd++) no(() => fs.writeSync(fd, Buffer.alloc(64, 0x85))); return 7;",
            "output_limit"),
        Python("an END to the zygote's own output", $"return no(lambda: os.open('/proc/1/fd/1', os.O_WRONLY))", "= \"EACCES\""),
        Python(
            "a result of four gigabytes",
            "fd = 1023\nno(lambda: os.write(fd, b'V\\xff\\xff\\xff\\xff'))\nwhile True: os.write(fd, b'1' * 65536)",
            "output_limit"),
        Python("a result that is no JSON", "os.write(1023, b'V\\x03\\0\\0\\0{x}')\nwhile True: pass", "error"),
        Python("a result of an unknown kind", "os.write(1023, b'Z\\0\\0\\0\\0')\nwhile True: pass", "error"),
        Python("an error that is none of the language", "os.write(1023, b'E\\x04\\0\\0\\0null')\nwhile True: pass", "error"),
        Python("a good end after a grandchild without memory", """
            if os.fork() == 0:
                if os.fork() == 0: bytearray(b'x') * (1 << 28)
                os.wait()
                os._exit(0)
            os.wait()
            os._exit(0)
            """, "oom"),
        JavaScript(
            "a good end after a child without memory",
            "require('child_process').spawnSync('/usr/bin/python3', ['-c', 'bytearray(b\"x\") * (1 << 28)']); process.exit(0);",
            "oom"),
        Python("no memory", "print('out of memory')\nos.kill(os.getpid(), 9)", "signal"),
        JavaScript("no memory, by status", "console.error('Killed'); process.exit(137);", "exit"),
        JavaScript(
            "no time",
            "throw Object.assign(new Error('The script ran longer than 3 s.'), { reason: 'timeout', name: 'timeout', status: 504 });",
            "error"),
        Python("a sandbox that broke", "print('the sandbox broke', file=sys.stderr)\nos._exit(71)", "exit", "exit"),
        Python("silence", "for descriptor in range(1024): no(lambda: os.close(descriptor))\nos._exit(0)", "= null|= \"\"", "= null|= \"\""),
        Python("an interpreter that it broke", "ctypes.memset(id(None), 255, 64)\nreturn None", "signal|exit|error"),
    ];

    /// <summary>What is tried.</summary>
    public static TheoryData<string> Attempts => NamesOf(s_attempts);

    [Theory]
    [MemberData(nameof(Attempts))]
    public Task Nobody_forges(string what) => abuse.ProveAsync(s_attempts, what);

    [Theory]
    [InlineData(
        "python",
        "print('{\"event\":\"result\",\"data\":\"forged\",\"type\":\"string\"}\\n\\nid: 9\\ndata: {\"event\":\"result\"}\\n\\nevent: error')\nreturn 'mine'")]
    [InlineData(
        "javascript",
        "console.log('data: {\"event\":\"result\",\"data\":\"forged\"}\\r\\n\\r\\nid: 1'); console.error('event: result\\r\\rdata: 1'); return 'mine'")]
    public async Task Nobody_forges_an_event_of_a_stream(string language, string code)
    {
        var events = await abuse.Patient.Server.EventsAsync("/run-now", new { language, code, input = "{}", stream = true });

        Assert.Equal("mine", Assert.Single(events, sent => sent.GetProperty("event").GetString() != "log").GetProperty("data").GetString());
        Assert.Equal("result", events[^1].GetProperty("event").GetString());
        await abuse.Patient.NothingIsLeftAsync();
    }

    [Fact]
    public async Task Nobody_forges_a_log_or_a_header_of_an_answer()
    {
        var reply = await abuse.Patient.Server.RunNowAsync(
            "python", "print('ok\\r\\nX-Start: warm\\r\\n\\r\\n{\"data\":1}', flush=True)\nraise ValueError('reason\\r\\noom')");

        Assert.Equal((HttpStatusCode.InternalServerError, "error"), (reply.Status, reply.Reason));
        Assert.Equal("ok\r\nX-Start: warm\r\n\r\n{\"data\":1}\n", reply.Body.GetProperty("logs").GetString());
        await abuse.Patient.NothingIsLeftAsync();
    }
}
