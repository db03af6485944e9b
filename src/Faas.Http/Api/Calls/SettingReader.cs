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
            CallMembers.Public => settings with { Public = MemberValue.Flag(ref json, member) },
            CallMembers.Timeout => settings with { Timeout = TimeoutOf(ref json, most) },
            CallMembers.Env => settings with { Env = TextsOf(ref json, member, SettingRules.CheckEnv) },
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
        return MemberValue.Duration(ref json, CallMembers.Timeout) is var timeout
            && timeout >= SettingCeilings.LeastTimeout && timeout <= most.Timeout
            ? timeout
            : throw ProblemException.Malformed(
                $"\"timeout\" is {shown}; allowed are {DurationText.Of(SettingCeilings.LeastTimeout)} to {DurationText.Of(most.Timeout)}"
                + $" ({SettingCeilings.TimeoutKey}).");
    }

    private static NamedTexts? TextsOf(ref Utf8JsonReader json, CallMembers member, Func<NamedTexts, string?> check) =>
        NamedTexts.Of(MemberValue.Texts(ref json, member)) is { } texts ? Right(member, texts, check) : null;

    private static T Right<T>(CallMembers member, T value, Func<T, string?> check) => check(value) is { } wrong
        ? throw ProblemException.Malformed($"\"{member.ToWire()}\" {wrong}.")
        : value;
}
