using Faas.Actors.Sandboxes.Cgroups;
using Faas.Actors.Sandboxes.Launcher;
using Xunit;

namespace Faas.Actors.Tests.Sandboxes.Cgroups;

public sealed class TransientScopeTests
{
    [Fact]
    public void Every_limit_is_a_property_and_the_process_is_the_scopes() =>
        Assert.Equal(
            [
                "--quiet", "call",
                "org.freedesktop.systemd1", "/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager", "StartTransientUnit",
                "ssa(sv)a(sa(sv))",
                "faas-1-2-3.scope", "fail",
                "8",
                "PIDs", "au", "1", "4711",
                "MemoryMax", "t", "67108864",
                "MemorySwapMax", "t", "0",
                "CPUQuotaPerSecUSec", "t", "500000",
                "CPUQuotaPeriodUSec", "t", "100000",
                "TasksMax", "t", "32",
                "KillSignal", "i", "18",
                "TimeoutStopUSec", "t", "30000000",
                "0",
            ],
            TransientScope.Call("faas-1-2-3.scope", new SandboxLimits(64 << 20, 0.5, 32), 4711));

    [Fact]
    public void The_limits_of_a_scope_that_lives_are_set_for_as_long_as_it_lives() =>
        Assert.Equal(
            [
                "--quiet", "call",
                "org.freedesktop.systemd1", "/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager", "SetUnitProperties",
                "sba(sv)",
                "faas-1-2-3.scope", "true",
                "5",
                "MemoryMax", "t", "67108864",
                "MemorySwapMax", "t", "0",
                "CPUQuotaPerSecUSec", "t", "500000",
                "CPUQuotaPeriodUSec", "t", "100000",
                "TasksMax", "t", "32",
            ],
            TransientScope.Change("faas-1-2-3.scope", new SandboxLimits(64 << 20, 0.5, 32)));
}
