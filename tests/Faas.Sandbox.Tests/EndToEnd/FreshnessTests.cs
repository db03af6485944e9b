namespace Faas.Sandbox.Tests.EndToEnd;

/// <summary>What one run of a stored script can know of another: nothing.</summary>
[Collection(nameof(SharedServer))]
public sealed class FreshnessTests(SharedServer shared)
{
    private FaasServer Server => shared.Server;

    [Theory]
    [InlineData("javascript", "return Math.random()")]
    [InlineData("typescript", "return Math.random() as number")]
    [InlineData("javascript", "return require('crypto').randomUUID()")]
    [InlineData("javascript", "return crypto.getRandomValues(new Uint32Array(4)).join()")]
    [InlineData("python", "import random\nreturn random.random()")]
    [InlineData("python", "import uuid\nreturn str(uuid.uuid4())")]
    public async Task Ten_runs_give_ten_random_values(string language, string code)
    {
        await Server.UploadAsync("fresh/random", language, code);
        var values = new HashSet<string>();
        for (var i = 0; i < 10; i++)
        {
            values.Add((await Server.RunAsync("fresh/random")).Data);
        }

        Assert.Equal(10, values.Count);
    }

    [Theory]
    [InlineData(
        "javascript",
        "globalThis.seen = (globalThis.seen ?? 0) + 1; Array.prototype.seen = (Array.prototype.seen ?? 0) + 1; return [seen, [].seen]",
        "[1,1]")]
    [InlineData(
        "javascript",
        "const fs = require('fs'); const there = fs.existsSync('/tmp/mark'); fs.writeFileSync('/tmp/mark', ''); return there",
        "false")]
    [InlineData(
        "javascript",
        "const fs = require('fs'); const n = fs.readdirSync('/dev/shm').length; fs.writeFileSync('/dev/shm/mark' + n, ''); return n",
        "0")]
    [InlineData(
        "python",
        "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\nreturn [libc.shmget(7, 4096, 0o1600), libc.semget(7, 1, 0o1600), libc.msgget(7, 0o1600), libc.setpriority(0, 1, 5), ctypes.get_errno()]",
        "[-1,-1,-1,-1,1]")]
    [InlineData("javascript", "setInterval(() => console.log('tick'), 1); return 'done'", "\"done\"")]
    [InlineData(
        "python",
        "import builtins, os\nn = getattr(builtins, 'seen', 0)\nbuiltins.seen = n + 1\nthere = os.path.exists('/tmp/mark')\nopen('/tmp/mark', 'w').close()\nreturn [n, there]",
        "[0,false]")]
    [InlineData(
        "python",
        "import os, subprocess\nold = subprocess.run(['/bin/sh', '-c', 'ls /proc | grep -c ^[0-9]'], capture_output=True, text=True).stdout.strip()\nsubprocess.Popen(['/bin/sleep', '60'], start_new_session=True)\nreturn int(old) < 7",
        "true")]
    public async Task An_invocation_finds_nothing_of_an_earlier_one(string language, string code, string data)
    {
        await Server.UploadAsync("fresh/state", language, code);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(data, (await Server.RunAsync("fresh/state")).Data);
        }
    }

    [Theory]
    [InlineData("javascript", "return process.pid", "return require('fs').readlinkSync('/proc/self') | 0")]
    [InlineData("python", "import os\nreturn os.getpid()", "import os\nreturn int(os.readlink('/proc/self'))")]
    public async Task Two_invocations_run_in_different_processes(string language, string code, string check)
    {
        await Server.UploadAsync("fresh/process", language, code);
        await Server.UploadAsync("fresh/process-check", language, check);

        var first = (await Server.RunAsync("fresh/process")).Data;
        var second = (await Server.RunAsync("fresh/process")).Data;

        Assert.NotEqual(first, second);
        Assert.NotEqual("1", (await Server.RunAsync("fresh/process-check")).Data);
    }
}
