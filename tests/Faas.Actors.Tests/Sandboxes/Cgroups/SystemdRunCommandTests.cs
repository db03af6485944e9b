using Faas.Actors.Sandboxes.Cgroups;
using Faas.Actors.Sandboxes.Launcher;
using Xunit;

namespace Faas.Actors.Tests.Sandboxes.Cgroups;

public sealed class SystemdRunCommandTests
{
    private static readonly Dictionary<string, string> s_environment = new() { ["PATH"] = "/bin", ["HOME"] = "/tmp" };

    [Fact]
    public void Every_limit_is_a_property_of_the_scope_and_what_follows_has_a_clean_environment() =>
        Assert.Equal(
            [
                "systemd-run", "--scope", "--quiet", "--unit", "faas-1-2-3.scope",
                "-p", "MemoryMax=67108864",
                "-p", "MemorySwapMax=0",
                "-p", "CPUQuota=50%",
                "-p", "CPUQuotaPeriodSec=100000us",
                "-p", "TasksMax=32",
                "-p", "KillSignal=SIGCONT",
                "-p", "TimeoutStopSec=30",
                "--",
                "env", "-i", "PATH=/bin", "HOME=/tmp",
            ],
            SystemdRunCommand.Build("faas-1-2-3.scope", new SandboxLimits(64 << 20, 0.5, 32), true, s_environment));

    [Fact]
    public void Who_is_not_root_asks_the_users_own_manager() =>
        Assert.Equal(
            ["systemd-run", "--scope", "--user", "--quiet"],
            SystemdRunCommand.Build("faas-1-2-3.scope", new SandboxLimits(1, 1, 1), false, s_environment).Take(4));

    [Theory]
    [InlineData(0.01, "CPUQuota=1%")]
    [InlineData(0.1234, "CPUQuota=12.34%")]
    [InlineData(2.5, "CPUQuota=250%")]
    public void The_quota_is_in_percent_of_one_processor(double cpus, string property) =>
        Assert.Contains(property, SystemdRunCommand.Build("faas-1-2-3.scope", new SandboxLimits(1, cpus, 1), true, s_environment));
}
