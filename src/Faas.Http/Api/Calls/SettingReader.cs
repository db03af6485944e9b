using System.Globalization;
using System.Text.Json;
using Faas.Actors.Configuration;
using Faas.Actors.Json;
using Faas.Actors.Scripts;
using Faas.Http.Wire.Problems;

namespace Faas.Http.Api.Calls;

/// <summary>
/// Reads the members by which an author says how a version's runs differ from what the operator says (docs/settings.md). Throws
/// <see cref="ProblemException"/>, which names the member, the value, what is allowed, and the key that says so.
/// </summary>
internal static class SettingReader
{
    /// <summary>The settings with the member that the reader stands at.</summary>
    public static ScriptSettings Read(ref Utf8JsonReader json, CallMembers member, ScriptSettings settings, SettingCeilings most) =>
        member switch
        {
            CallMembers.Isolation => settings with { Isolation = IsolationOf(MemberValue.Text(ref json, member)) },
            CallMembers.Handler => settings with { Handler = Right(member, MemberValue.Text(ref json, member), HandlerName.Check) },
            CallMembers.Concurrency => settings with { Concurrency = MemberValue.Count(ref json, member) },
            CallMembers.MinWarm => settings with { MinWarm = MinWarmOf(ref json, most) },
            CallMembers.Public => settings with { Public = MemberValue.Flag(ref json, member) },
            CallMembers.Tool => settings with { Tool = MemberValue.Flag(ref json, member) },
            CallMembers.InputSchema => settings with { InputSchema = SchemaOf(ref json) },
            CallMembers.Timeout => settings with { Timeout = TimeoutOf(ref json, most) },
            CallMembers.Retry => settings with { Retry = RetryMember.Of(ref json) },
            CallMembers.Memory => settings with
            {
                MemoryBytes = SizeOf(ref json, member, SettingCeilings.LeastMemoryBytes, most.MemoryBytes, SettingCeilings.MemoryKey),
            },
            CallMembers.TmpSize => settings with
            {
                TmpBytes = SizeOf(ref json, member, SettingCeilings.LeastTmpBytes, most.TmpBytes, SettingCeilings.TmpKey),
            },
            CallMembers.Cpus => settings with { Cpus = CpusOf(ref json, most) },
            CallMembers.Pids => settings with { Pids = PidsOf(ref json, most) },
            CallMembers.Env => settings with { Env = TextsOf(ref json, member, SettingRules.CheckEnv) },
            CallMembers.Secrets => settings with { Secrets = SecretsOf(ref json) },
            CallMembers.Sealed => settings with { Sealed = SealedMember.Of(ref json) },
            CallMembers.Dependencies => settings with { Dependencies = DependenciesOf(ref json) },
            CallMembers.SecretsInEnv => settings with { SecretsInEnv = MemberValue.Flag(ref json, member) },
            CallMembers.Image => settings with { Image = Right(member, MemberValue.Text(ref json, member), SettingRules.CheckImage) },
            CallMembers.Retention => settings with { Retention = RetentionMember.Of(ref json) },
            CallMembers.Network => settings with { Network = NetworkMember.Of(ref json) },
            CallMembers.Labels => settings with { Labels = TextsOf(ref json, member, SettingRules.CheckLabels) },
            CallMembers.Description => settings with
            {
                Description = Right(member, MemberValue.Text(ref json, member), SettingRules.CheckDescription),
            },
            _ => throw new ArgumentOutOfRangeException(nameof(member), member, null),
        };

    private static Isolation IsolationOf(string name) => WireNames.TryParse<Isolation>(name, out var isolation)
        ? isolation
        : throw ProblemException.Malformed(
            $"\"isolation\" is {MemberValue.Quoted(name)}; allowed are {WireNames.Allowed<Isolation>()}.");

    private static TimeSpan TimeoutOf(ref Utf8JsonReader json, SettingCeilings most)
    {
        var shown = MemberValue.Shown(ref json);
        var timeout = MemberValue.Duration(ref json, CallMembers.Timeout);
        return timeout >= SettingCeilings.LeastTimeout && timeout <= most.Timeout ? timeout : throw OutOfRange(
            CallMembers.Timeout,
            shown,
            DurationText.Of(SettingCeilings.LeastTimeout),
            DurationText.Of(most.Timeout),
            SettingCeilings.TimeoutKey);
    }

    private static long SizeOf(ref Utf8JsonReader json, CallMembers member, long least, long most, string key)
    {
        var shown = MemberValue.Shown(ref json);
        var bytes = MemberValue.Size(ref json, member);
        return bytes >= least && bytes <= most ? (long)bytes : throw OutOfRange(member, shown, SizeText.Of(least), SizeText.Of(most), key);
    }

    private static double CpusOf(ref Utf8JsonReader json, SettingCeilings most)
    {
        var shown = MemberValue.Shown(ref json);
        var cpus = MemberValue.Number(ref json, CallMembers.Cpus);
        return cpus >= SettingCeilings.LeastCpus && cpus <= most.Cpus ? cpus : throw OutOfRange(
            CallMembers.Cpus, shown, Text(SettingCeilings.LeastCpus), Text(most.Cpus), SettingCeilings.CpusKey);
    }

    private static int PidsOf(ref Utf8JsonReader json, SettingCeilings most)
    {
        var shown = MemberValue.Shown(ref json);
        var pids = MemberValue.Count(ref json, CallMembers.Pids);
        return pids >= SettingCeilings.LeastPids && pids <= most.Pids ? pids : throw OutOfRange(
            CallMembers.Pids, shown, Text(SettingCeilings.LeastPids), Text(most.Pids), SettingCeilings.PidsKey);
    }

    private static int MinWarmOf(ref Utf8JsonReader json, SettingCeilings most)
    {
        var shown = MemberValue.Shown(ref json);
        var count = MemberValue.Count(ref json, CallMembers.MinWarm, least: 0);
        return count <= most.MinWarm ? count : throw OutOfRange(
            CallMembers.MinWarm, shown, "0", Text(most.MinWarm), SettingCeilings.MinWarmKey);
    }

    private static ProblemException OutOfRange(CallMembers member, string shown, string least, string most, string key) =>
        ProblemException.Malformed($"\"{member.ToWire()}\" is {shown}; allowed are {least} to {most} ({key}).");

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);

    private static JsonSchema SchemaOf(ref Utf8JsonReader json)
    {
        using var document = JsonDocument.ParseValue(ref json);
        return JsonSchema.Of(document.RootElement.GetRawText(), out var wrong)
            ?? throw ProblemException.Malformed($"\"{CallMembers.InputSchema.ToWire()}\" {wrong}.");
    }

    private static NamedTexts? TextsOf(ref Utf8JsonReader json, CallMembers member, Func<NamedTexts, string?> check) =>
        NamedTexts.Of(MemberValue.Texts(ref json, member)) is { } texts ? Right(member, texts, check) : null;

    private static SecretNames? SecretsOf(ref Utf8JsonReader json) =>
        SecretNames.Of(MemberValue.List(ref json, CallMembers.Secrets)) is { } names
            ? Right(CallMembers.Secrets, names, SettingRules.CheckSecrets)
            : null;

    private static Dependencies? DependenciesOf(ref Utf8JsonReader json) =>
        Dependencies.Of(MemberValue.List(ref json, CallMembers.Dependencies)) is { } dependencies
            ? Right(CallMembers.Dependencies, dependencies, SettingRules.CheckDependencies)
            : null;

    private static T Right<T>(CallMembers member, T value, Func<T, string?> check) => check(value) is { } wrong
        ? throw ProblemException.Malformed($"\"{member.ToWire()}\" {wrong}.")
        : value;
}
