using System.Text.Json;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Scripts;
using Faas.Http.Wire.Problems;

namespace Faas.Http.Api.Calls;

/// <summary>
/// The member <c>then</c>: <c>"math/add@stable"</c>, or <c>{"success": D, "failure": D}</c> where D is such a text or
/// <c>{"path", "version", "then"}</c>. Throws <see cref="ProblemException"/>, which names what is wrong and what is allowed.
/// </summary>
internal static class ThenMember
{
    private const string Success = "success", Failure = "failure", Path = "path", Version = "version", Then = "then";

    /// <summary>Reads it.</summary>
    public static KeptThen Of(ref Utf8JsonReader json)
    {
        var then = ThenOf(ref json, level: 1);
        return then.All.Count() is var count and > KeptThen.MostDestinations
            ? throw ProblemException.Malformed(
                $"\"{Then}\" names {count} destinations; allowed are {KeptThen.MostDestinations}.")
            : then;
    }

    private static KeptThen ThenOf(ref Utf8JsonReader json, int level)
    {
        if (level > KeptRunsOptions.HighestChainDepth)
        {
            throw ProblemException.Malformed($"\"{Then}\" is nested deeper than {KeptRunsOptions.HighestChainDepth} levels.");
        }

        if (json.TokenType == JsonTokenType.String)
        {
            return new KeptThen { Success = Named(MemberValue.Text(ref json, CallMembers.Then)) };
        }

        if (json.TokenType != JsonTokenType.StartObject)
        {
            throw ProblemException.Malformed(
                $"\"{Then}\" must be the path of a script, or an object with \"{Success}\", \"{Failure}\" or both, not "
                + $"{MemberValue.Kind(json.TokenType)}.");
        }

        var then = new KeptThen();
        while (MemberValue.Next(ref json, CallMembers.Then) is { } name)
        {
            then = name switch
            {
                Success when then.Success is null => then with { Success = DestinationOf(ref json, level) },
                Failure when then.Failure is null => then with { Failure = DestinationOf(ref json, level) },
                _ => throw Wrong(name, $"{Success}, {Failure}"),
            };
        }

        return then is { Success: null, Failure: null }
            ? throw ProblemException.Malformed($"\"{Then}\" has neither \"{Success}\" nor \"{Failure}\".")
            : then;
    }

    private static KeptDestination DestinationOf(ref Utf8JsonReader json, int level)
    {
        if (json.TokenType == JsonTokenType.String)
        {
            return Named(MemberValue.Text(ref json, CallMembers.Then));
        }

        if (json.TokenType != JsonTokenType.StartObject)
        {
            throw ProblemException.Malformed(
                $"A destination in \"{Then}\" must be the path of a script, or an object with \"{Path}\", not "
                + $"{MemberValue.Kind(json.TokenType)}.");
        }

        var (path, version, then) = ((string?)null, (string?)null, (KeptThen?)null);
        while (MemberValue.Next(ref json, CallMembers.Then) is { } name)
        {
            switch (name)
            {
                case Path when path is null:
                    path = PathOf(MemberValue.Text(ref json, CallMembers.Then));
                    break;
                case Version when version is null:
                    version = VersionOf(json.TokenType == JsonTokenType.Number
                        ? MemberValue.Shown(ref json)
                        : MemberValue.Text(ref json, CallMembers.Then));
                    break;
                case Then when then is null:
                    then = ThenOf(ref json, level + 1);
                    break;
                default:
                    throw Wrong(name, $"{Path}, {Version}, {Then}");
            }
        }

        return new KeptDestination(path ?? throw ProblemException.Malformed($"A destination in \"{Then}\" lacks \"{Path}\"."))
        {
            Version = version,
            Then = then,
        };
    }

    // An @ within the path, such as that of a folder @team, names no version.
    private static KeptDestination Named(string text) =>
        text.LastIndexOf('@') is var at && at > Math.Max(0, text.LastIndexOf('/'))
            ? new KeptDestination(PathOf(text[..at])) { Version = VersionOf(text[(at + 1)..]) }
            : new KeptDestination(PathOf(text));

    private static string PathOf(string path) => ScriptPath.Check(path) is { } wrong
        ? throw ProblemException.Malformed($"The path {MemberValue.Quoted(path)} in \"{Then}\" {wrong}.")
        : path;

    private static string? VersionOf(string version) => !VersionRef.TryParse(version, out _)
        ? throw ProblemException.Malformed(
            $"The version {MemberValue.Quoted(version)} in \"{Then}\" is none; allowed is {VersionRef.Allowed}.")
        : version == VersionRef.LatestName ? null
        : version;

    private static ProblemException Wrong(string name, string allowed) => ProblemException.Malformed(
        $"\"{Then}\" has {MemberValue.Quoted(name)} twice, or in a place where it has no meaning; allowed there are {allowed}, once each.");
}
