namespace Faas.Sandbox.Tests.EndToEnd;

/// <summary>Two servers on one machine.</summary>
[Trait("Needs", "root")]
[TestLimit(180)]
public sealed class TwoServersTests
{
    private const string ForkBomb = "import os, time\nend = time.monotonic() + 10\nwhile time.monotonic() < end:\n    try:\n        os.fork()\n    except OSError:\n        time.sleep(0.01)";
    private const string Auto = "faas.sandbox.first-uid = auto";

    [Fact]
    public async Task Each_finds_host_users_of_its_own_and_neither_notices_a_fork_bomb_in_the_other()
    {
        await using var bombed = await FaasServer.StartAsync($"{Auto}\nfaas.sandbox {{ pids = 200, cpus = 0.5, timeout = 4s }}");
        await using var other = await FaasServer.StartAsync(Auto);
        var bomb = bombed.RunNowAsync("python", ForkBomb);

        for (var i = 0; i < 5; i++)
        {
            Assert.Equal($"{i}", (await other.RunNowAsync("python", $"import subprocess\nreturn subprocess.run(['true']).returncode + {i}")).Data);
        }

        await bomb;
        Assert.Equal("1", (await bombed.RunNowAsync("python", "return 1")).Data);
        await bombed.EndAsync();
        await other.EndAsync();
    }

    [Fact]
    public async Task A_range_that_another_server_has_is_refused_by_name()
    {
        await using var first = await FaasServer.StartAsync("faas.sandbox.first-uid = 1900000000");

        var (exitCode, log) = await FaasServer.StartAndFailAsync("faas.sandbox.first-uid = 1900000500");

        Assert.Equal(69, exitCode);
        Assert.Equal(
            "faas: faas.sandbox.first-uid = 1900000500: another server on this machine uses host user ids from 1900000500 to 1900001499; "
            + "name a range that is free, or write auto.",
            log.Trim());
        await first.EndAsync();
    }
}
