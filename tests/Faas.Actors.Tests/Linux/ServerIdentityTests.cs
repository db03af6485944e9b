using System.Diagnostics;
using Faas.Actors.Linux;
using Xunit;

namespace Faas.Actors.Tests.Linux;

public sealed class ServerIdentityTests
{
    [Fact]
    public void The_server_itself_is_alive() => Assert.True(ServerIdentity.IsAlive(ServerIdentity.Own));

    [Fact]
    public void A_later_process_with_the_pid_is_not_the_server() => Assert.False(ServerIdentity.IsAlive($"{Environment.ProcessId}-1"));

    [Fact]
    public void A_server_of_another_pid_namespace_may_be_alive() => Assert.True(ServerIdentity.IsAlive("2147483647-1.1"));

    [Fact]
    public void A_server_of_the_same_pid_namespace_is_dead_when_it_is_not_there() =>
        Assert.False(ServerIdentity.IsAlive($"2147483647-1.{ServerIdentity.Own.Split('.')[1]}"));

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("probe")]
    [InlineData("1")]
    [InlineData("-1-1")]
    [InlineData("2147483647-1")]
    [InlineData("99999999999-1")]
    public void What_is_no_name_of_a_server_is_not_alive(string identity) => Assert.False(ServerIdentity.IsAlive(identity));

    [Fact]
    public async Task A_server_whose_parent_has_not_asked_after_it_is_dead()
    {
        const string parentOfTheDead = "import os, sys\npid = os.fork()\nif not pid: os._exit(0)\nprint(pid, flush=True)\nsys.stdin.read()";
        using var parent = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-c", parentOfTheDead])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        })!;
        try
        {
            var pid = await parent.StandardOutput.ReadLineAsync();
            string[] Fields() => File.ReadAllText($"/proc/{pid}/stat").Split(' ');
            while (Fields()[2] != "Z")
            {
                await Task.Yield();
            }

            Assert.False(ServerIdentity.IsAlive($"{pid}-{Fields()[21]}.{ServerIdentity.Own.Split('.')[1]}"));
        }
        finally
        {
            parent.Kill();
            await parent.WaitForExitAsync();
        }
    }
}
