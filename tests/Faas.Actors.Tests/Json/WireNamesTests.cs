using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Faas.Actors.Cluster;
using Faas.Actors.Egress;
using Faas.Actors.Json;
using Faas.Actors.Pool.Scheduler;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Output;
using Faas.Actors.Runs.Recent;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Schedules;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Catalog;
using Xunit;

namespace Faas.Actors.Tests.Json;

public sealed class WireNamesTests
{
    /// <summary>The names as clients, settings and stores know them: none may ever change.</summary>
    public static TheoryData<Enum, string> Names => new()
    {
        { Language.JavaScript, "javascript" },
        { Language.TypeScript, "typescript" },
        { Language.Python, "python" },
        { Isolation.Sandbox, "sandbox" },
        { Isolation.Process, "process" },
        { Isolation.Shared, "shared" },
        { Runtime.Node, "node" },
        { Runtime.Python, "python" },
        { StoreDurability.Always, "always" },
        { StoreDurability.EverySecond, "everysec" },
        { StoreDurability.Snapshots, "snapshots" },
        { StoreDurability.None, "none" },
        { StoreDurability.Unknown, "unknown" },
        { DataType.String, "string" },
        { DataType.Number, "number" },
        { DataType.Json, "json" },
        { DataType.Text, "text" },
        { DataType.Bytes, "bytes" },
        { Reason.Ok, "ok" },
        { Reason.Error, "error" },
        { Reason.Syntax, "syntax" },
        { Reason.Dependencies, "dependencies" },
        { Reason.Exit, "exit" },
        { Reason.Signal, "signal" },
        { Reason.Oom, "oom" },
        { Reason.Timeout, "timeout" },
        { Reason.OutputLimit, "output_limit" },
        { Reason.Cancelled, "cancelled" },
        { Reason.Sandbox, "sandbox" },
        { RetryReason.Error, "error" },
        { RetryReason.Dependencies, "dependencies" },
        { RetryReason.Exit, "exit" },
        { RetryReason.Signal, "signal" },
        { RetryReason.Oom, "oom" },
        { RetryReason.Timeout, "timeout" },
        { RetryReason.OutputLimit, "output_limit" },
        { RetryReason.Sandbox, "sandbox" },
        { RunMode.Execute, "execute" },
        { RunMode.Check, "check" },
        { FleetStage.Starting, "starting" },
        { FleetStage.Spare, "spare" },
        { FleetStage.Busy, "busy" },
        { FleetStage.Idle, "idle" },
        { FleetStage.Closing, "closing" },
        { EgressVerdict.Allowed, "allowed" },
        { EgressVerdict.Denied, "denied" },
        { EgressVerdict.Address, "address" },
        { EgressVerdict.Unresolved, "unresolved" },
        { EgressVerdict.Unreachable, "unreachable" },
        { EgressVerdict.Malformed, "malformed" },
        { EgressVerdict.Mismatch, "mismatch" },
        { EgressVerdict.Untrusted, "untrusted" },
        { EgressVerdict.Abandoned, "abandoned" },
        { EgressVerdict.Limit, "limit" },
        { Warmth.Cold, "cold" },
        { Warmth.Spare, "spare" },
        { Warmth.Warm, "warm" },
        { RefusalReason.QueueFull, "queue_full" },
        { RefusalReason.QueueTimeout, "queue_timeout" },
        { RefusalReason.Draining, "draining" },
        { RefusalReason.Cluster, "cluster" },
        { RefusalReason.NotFound, "not_found" },
        { RefusalReason.Disabled, "disabled" },
        { RefusalReason.Conflict, "conflict" },
        { RefusalReason.Secret, "secret" },
        { RefusalReason.KeyReused, "idempotency_key_reused" },
        { RefusalReason.Image, "image" },
        { RefusalReason.NetworkUnsupported, "network_unsupported" },
        { RefusalReason.Stale, "stale" },
        { RefusalReason.Malformed, "malformed" },
        { RefusalReason.TooLarge, "too_large" },
        { RefusalReason.Store, "store" },
        { LimitsDriver.Auto, "auto" },
        { LimitsDriver.CgroupV2, "cgroup-v2" },
        { LimitsDriver.CgroupV1, "cgroup-v1" },
        { LimitsDriver.Systemd, "systemd" },
        { LimitsDriver.Unlimited, "unlimited" },
        { LaunchMode.Auto, "auto" },
        { LaunchMode.Fork, "fork" },
        { LaunchMode.Exec, "exec" },
        { OutputStream.Stdout, "stdout" },
        { OutputStream.Stderr, "stderr" },
        { RunVia.Run, "run" },
        { RunVia.RunNow, "run_now" },
        { RunVia.Function, "function" },
        { RunVia.Tool, "tool" },
        { RunVia.Schedule, "schedule" },
        { OverlapRule.Skip, "skip" },
        { OverlapRule.Queue, "queue" },
        { OverlapRule.Cancel, "cancel" },
        { MissedRule.Skip, "skip" },
        { MissedRule.Once, "once" },
        { MissedRule.All, "all" },
        { RunStage.Waiting, "waiting" },
        { RunStage.Running, "running" },
        { RunStage.Queued, "queued" },
        { RunStage.Ended, "ended" },
        { CallbackFormat.CloudEvents, "cloudevents" },
        { CallbackFormat.Plain, "plain" },
        { CallbackOutcome.Ok, "ok" },
        { CallbackOutcome.Failed, "failed" },
        { CallbackState.Pending, "pending" },
        { CallbackState.Delivered, "delivered" },
        { CallbackState.Dead, "dead" },
        { CallbackState.Skipped, "skipped" },
        { MemberState.Joining, "joining" },
        { MemberState.WeaklyUp, "weakly_up" },
        { MemberState.Up, "up" },
        { MemberState.Leaving, "leaving" },
        { MemberState.Exiting, "exiting" },
        { MemberState.Down, "down" },
        { CatalogOrder.Path, "path" },
        { CatalogOrder.Time, "time" },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void A_value_is_written_and_read_by_its_name(Enum value, string name)
    {
        switch (value)
        {
            case Language language:
                Check(language, name);
                break;
            case Isolation isolation:
                Check(isolation, name);
                break;
            case Runtime runtime:
                Check(runtime, name);
                break;
            case DataType type:
                Check(type, name);
                break;
            case Reason reason:
                Check(reason, name);
                break;
            case EgressVerdict verdict:
                Check(verdict, name);
                break;
            case Warmth warmth:
                Check(warmth, name);
                break;
            case RefusalReason reason:
                Check(reason, name);
                break;
            case StoreDurability durability:
                Check(durability, name);
                break;
            case MemberState state:
                Check(state, name);
                break;
            case RunMode mode:
                Check(mode, name);
                break;
            case FleetStage stage:
                Check(stage, name);
                break;
            case OutputStream stream:
                Check(stream, name);
                break;
            case RunVia via:
                Check(via, name);
                break;
            case CallbackFormat format:
                Check(format, name);
                break;
            case CallbackOutcome outcome:
                Check(outcome, name);
                break;
            case CallbackState state:
                Check(state, name);
                break;
            case OverlapRule rule:
                Check(rule, name);
                break;
            case MissedRule rule:
                Check(rule, name);
                break;
            case RunStage stage:
                Check(stage, name);
                break;
            case CatalogOrder order:
                Check(order, name);
                break;
            case RetryReason retry:
                Check(retry, name);
                break;
            case LaunchMode launch:
                Check(launch, name);
                break;
            default:
                Check((LimitsDriver)value, name);
                break;
        }
    }

    [Fact]
    public void Every_value_of_an_enum_with_names_is_among_those_that_are_pinned()
    {
        var pinned = ((IEnumerable<object[]>)Names).Select(row => row[0]).ToHashSet();
        var named = typeof(WireNames).Assembly.GetTypes()
            .Where(type => type.IsEnum && type.GetFields().Any(field => field.IsDefined(typeof(JsonStringEnumMemberNameAttribute), false)))
            .SelectMany(type => Enum.GetValues(type).Cast<object>());

        Assert.Equal(pinned, named.ToHashSet());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("JavaScript")]
    [InlineData("javaScript")]
    [InlineData("javascript ")]
    [InlineData("0")]
    public void Anything_but_an_exact_name_is_refused(string? name) => Assert.False(WireNames.TryParse<Language>(name, out _));

    [Theory]
    [InlineData("\"JavaScript\"")]
    [InlineData("\"javaScript\"")]
    [InlineData("\"\"")]
    [InlineData("0")]
    [InlineData("\"0\"")]
    public void JSON_refuses_the_same(string json) => Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Language>(json));

    [Fact]
    public void The_names_of_an_enum_are_listed_in_the_order_of_its_declaration()
    {
        Assert.Equal("javascript, typescript, python", WireNames.Allowed<Language>());
        Assert.Equal(["sandbox", "process", "shared"], WireNames.All<Isolation>());
    }

    [Fact]
    public void A_value_without_a_name_cannot_be_written()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ((Language)9).ToWire());
        Assert.Throws<ArgumentOutOfRangeException>(() => DayOfWeek.Monday.ToWire());
    }

    [Fact]
    public void Asking_for_a_name_allocates_nothing()
    {
        Assert.True(WireNames.TryParse<Reason>(Reason.OutputLimit.ToWire(), out _));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var length = 0;
        for (var i = 0; i < 1000; i++)
        {
            length += WireNames.TryParse<Reason>(Reason.OutputLimit.ToWire(), out var read) ? read.ToWireUtf8().Length : 0;
        }

        Assert.Equal((12_000, 0), (length, GC.GetAllocatedBytesForCurrentThread() - before));
    }

    private static void Check<T>(T value, string name)
        where T : struct, Enum
    {
        Assert.Equal(name, value.ToWire());
        Assert.Equal(name, Encoding.UTF8.GetString(value.ToWireUtf8()));
        Assert.True(WireNames.TryParse<T>(name, out var read));
        Assert.Equal(value, read);
        if (typeof(T).IsDefined(typeof(JsonConverterAttribute), false))
        {
            Assert.Equal($"\"{name}\"", JsonSerializer.Serialize(value));
            Assert.Equal(value, JsonSerializer.Deserialize<T>($"\"{name}\""));
        }
    }
}
