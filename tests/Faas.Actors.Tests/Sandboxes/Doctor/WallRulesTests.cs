using Faas.Actors.Runs;
using Faas.Actors.Sandboxes.Doctor;
using Faas.Actors.Sandboxes.Launcher;
using Xunit;

namespace Faas.Actors.Tests.Sandboxes.Doctor;

public sealed class WallRulesTests
{
    private static readonly SandboxOptions s_options = SandboxTestOptions.Default;

    private static readonly WallFacts s_sound = new(
        Pid: 3,
        Capabilities: ["0000000000000000", "0000000000000000", "0000000000000000", "0000000000000000"],
        NoNewPrivileges: true,
        Seccomp: 2,
        NewNamespace: false,
        Interfaces: ["lo"],
        Reaches: "ENETUNREACH",
        Writable: [],
        Environment: ["HOME", "LANG", "PATH"],
        Processors: 1.02,
        Threads: 60,
        TmpBytes: 32 << 20);

    public static TheoryData<string, WallFacts, string> Breaches => new()
    {
        { "python forks", s_sound with { Pid = 1 }, "process 1" },
        { "capabilities", s_sound with { Capabilities = ["0", "0", "00000000000000c0", "0"] }, "00000000000000c0" },
        { "capabilities", s_sound with { NoNewPrivileges = false }, "scripts have" },
        { "seccomp filter", s_sound with { Seccomp = 0 }, "mode 0" },
        { "new namespaces", s_sound with { NewNamespace = true }, "user namespace" },
        { "network", s_sound with { Interfaces = ["lo", "eth0"] }, "eth0" },
        { "network", s_sound with { Reaches = null }, "reaches outside" },
        { "files", s_sound with { Writable = ["/proc/sys/kernel/core_pattern"] }, "/proc/sys/kernel/core_pattern" },
        { "environment", s_sound with { Environment = ["PATH", "REDIS_PASSWORD"] }, "REDIS_PASSWORD" },
        { "process limit", s_sound with { Threads = 65 }, "65 threads" },
        { "cpu limit", s_sound with { Processors = 1.9 }, "1.90 processors" },
        { "size of /tmp", s_sound with { TmpBytes = 1L << 34 }, "17179869184" },
    };

    [Fact]
    public void Where_every_wall_stands_none_is_missing() =>
        Assert.All(WallRules.Judge(s_sound, s_options), check => Assert.Null(check.Fault));

    [Theory]
    [MemberData(nameof(Breaches))]
    public void A_wall_that_is_missing_is_named_with_what_was_seen_and_how_to_mend_it(string wall, WallFacts facts, string seen)
    {
        var missing = Assert.Single(WallRules.Judge(facts, s_options), check => check.Fault is not null);

        Assert.Equal(wall, missing.Wall);
        Assert.Contains(seen, missing.Fault, StringComparison.Ordinal);
        Assert.NotEmpty(missing.Remedy);
    }

    [Fact]
    public void What_this_machine_cannot_show_is_said_to_be_untried()
    {
        var checks = WallRules.Judge(s_sound with { Processors = null, Threads = null }, s_options);

        Assert.Equal(2, checks.Count(check => check.Note.StartsWith("not tried", StringComparison.Ordinal)));
        Assert.All(checks, check => Assert.Null(check.Fault));
    }

    [Theory]
    [InlineData(Reason.Oom, true)]
    [InlineData(Reason.Ok, false)]
    [InlineData(Reason.Error, false)]
    public void Memory_is_limited_when_the_kernel_says_so(Reason reason, bool stands) =>
        Assert.Equal(stands, WallRules.Memory(reason, s_options).Fault is null);

    [Fact]
    public void Limits_that_the_operator_gave_up_are_not_missing()
    {
        var unlimited = s_options with { Limits = LimitsDriver.Unlimited };

        Assert.All(WallRules.Judge(s_sound with { Threads = 65, Processors = 2 }, unlimited), check => Assert.Null(check.Fault));
        Assert.Contains("faas.sandbox.limits = unlimited", WallRules.Memory(Reason.Ok, unlimited).Note, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4_200_000L, true)]
    [InlineData(0L, false)]
    [InlineData(null, false)]
    public void Scripts_are_nobody_outside(long? uid, bool stands) => Assert.Equal(stands, WallRules.HostUser(uid).Fault is null);
}
