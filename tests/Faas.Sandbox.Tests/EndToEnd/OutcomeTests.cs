namespace Faas.Sandbox.Tests.EndToEnd;

/// <summary>Each way in which a script can end has its own reason, and the next call works.</summary>
[Collection(nameof(SharedServer))]
public sealed class OutcomeTests(SharedServer shared)
{
    private FaasServer Server => shared.Server;

    [Theory]
    [InlineData("javascript", "process.exit(3)", "exit", 500)]
    [InlineData("typescript", "process.exit(3 as number)", "exit", 500)]
    [InlineData("python", "import os\nos._exit(3)", "exit", 500)]
    [InlineData("python", "import sys\nsys.exit(3)", "exit", 500)]
    [InlineData("javascript", "process.kill(process.pid, 'SIGSEGV'); await new Promise(() => setTimeout(() => {}, 500))", "signal", 500)]
    [InlineData("python", "import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)", "signal", 500)]
    [InlineData("javascript", "process.kill(process.pid, 'SIGKILL'); await new Promise(() => setTimeout(() => {}, 500))", "signal", 500)]
    [InlineData("javascript", "Promise.reject(new Error('nobody caught me'))", "error", 500)]
    [InlineData("javascript", "setTimeout(() => { throw new Error('later') }, 1)", "error", 500)]
    [InlineData("javascript", "function f() { return f() + 1 }\nf()", "error", 500)]
    [InlineData("python", "def f(): return f() + 1\nf()", "error", 500)]
    [InlineData("javascript", "return Buffer.alloc(200e6, 1).length", "oom", 500)]
    [InlineData("javascript", "const a = []; for (;;) a.push(new Array(1e4).fill({}).map((_, i) => ({ i })))", "oom", 500)]
    [InlineData("python", "return len(bytearray(b'x') * 200_000_000)", "oom", 500)]
    [InlineData("python", "import os\nif os.fork() == 0:\n    bytearray(b'x') * 200_000_000\nos.wait()\nreturn 'fine'", "oom", 500)]
    [InlineData("javascript", "const line = 'x'.repeat(1 << 20); for (let i = 0; i < 30; i++) console.log(line)", "output_limit", 500)]
    [InlineData("python", "return 'x' * 7_000_000", "output_limit", 500)]
    public async Task A_script_that_ends_badly_says_how_and_the_next_call_works(string language, string code, string reason, int status)
    {
        var bad = language == "python" ? "if event['bad']:\n" + string.Join(
            '\n', code.Split('\n').Select(line => "    " + line)) + "\nelse:\n    return 'well'"
            : $"if (!event.bad) return 'well';\n{code}";
        await Server.UploadAsync("ends/badly", language, bad);

        await NothingRunsAsync();
        var reply = await Server.RunAsync("ends/badly", new { bad = true });

        Assert.Equal((reason, status), (reply.Reason, (int)reply.Status));
        Assert.DoesNotContain(Server.Processes(), process => process.IsOfInvocation);
        Assert.Equal("\"well\"", (await Server.RunAsync("ends/badly", new { bad = false })).Data);
    }

    // The value of an earlier call is told before its process is cleared away.
    private Task NothingRunsAsync() => Eventually.HoldsAsync(
        () =>
            Server.Processes().All(process => !process.IsOfInvocation), TimeSpan.FromSeconds(10), () =>
                string.Join('\n', Server.Processes()));

    [Fact]
    public async Task An_exit_tells_its_code_a_signal_its_name_and_both_the_log()
    {
        var exit = await Server.RunNowAsync("python", "import os\nprint('about to go', flush=True)\nos._exit(3)");
        var signal = await Server.RunNowAsync("python", "import os\nos.kill(os.getpid(), 11)");

        Assert.Equal(3, exit.Body.GetProperty("exitCode").GetInt32());
        Assert.Equal("about to go\n", exit.Body.GetProperty("logs").GetString());
        Assert.Equal("SIGSEGV", signal.Body.GetProperty("signal").GetString());
    }
}
