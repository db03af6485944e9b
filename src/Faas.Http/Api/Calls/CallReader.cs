using System.Buffers;
using System.Text;
using System.Text.Json;
using Faas.Actors.Json;
using Faas.Actors.Runs;
using Faas.Actors.Scripts;
using Faas.Http.Configuration;
using Faas.Http.Wire.Problems;

namespace Faas.Http.Api.Calls;

/// <summary>
/// Reads a request's JSON body, strictly: a member of the wrong kind is refused by name rather than bent into
/// something. Throws <see cref="ProblemException"/>; never builds the document, never recurses.
/// </summary>
public static class CallReader
{
    // "secretsInEnv" with every letter as \uXXXX.
    private const int LongestEscapedName = 12 * 6;

    private static readonly CallMembers[] s_required = [CallMembers.Path, CallMembers.Language];

    /// <summary>The call that the body describes.</summary>
    /// <param name="body">The whole body; a byte order mark in front is skipped.</param>
    /// <param name="members">The members that the route has.</param>
    /// <param name="codeMaxBytes">Largest <c>code</c>.</param>
    /// <param name="most">The most that settings may ask for; null: what the shipped settings allow.</param>
    /// <param name="fileLimits">What its files may take; null: the shipped settings.</param>
    /// <param name="files">Files that came beside the body; null: none.</param>
    /// <param name="sources">Source files that came beside the body; null: none.</param>
    public static CallRequest Read(
        ReadOnlySpan<byte> body,
        CallMembers members,
        int codeMaxBytes,
        SettingCeilings? most = null,
        FileLimits? fileLimits = null,
        CallFiles? files = null,
        CallSources? sources = null)
    {
        body = BodyText.OfObject(body);
        var json = new Utf8JsonReader(body, BodyText.AnyDepth);
        try
        {
            return ReadObject(
                ref json, body, members, codeMaxBytes, most ?? SettingCeilings.Shipped, fileLimits ?? FileLimits.Shipped, files, sources);
        }
        catch (JsonException wrong)
        {
            throw BodyText.Wrong(wrong);
        }
    }

    private static CallRequest ReadObject(
        ref Utf8JsonReader json,
        ReadOnlySpan<byte> body,
        CallMembers members,
        int codeMaxBytes,
        SettingCeilings most,
        FileLimits fileLimits,
        CallFiles? files,
        CallSources? sources)
    {
        BodyText.Begin(ref json);
        var call = new CallRequest();
        var seen = CallMembers.None;
        var unknown = new List<string>();
        while (json.Read() && json.TokenType != JsonTokenType.EndObject)
        {
            var name = BodyText.NameOf(ref json, LongestEscapedName);
            var member = WireNames.TryParse<CallMembers>(name, out var known) ? known & members : CallMembers.None;
            if (member == CallMembers.None)
            {
                UnknownName.Add(unknown, "body", name ?? "(a long name)", NamesOf(members));
            }

            json.Read();
            if ((seen & member) != 0)
            {
                throw ProblemException.Malformed($"\"{member.ToWire()}\" appears twice.");
            }

            // An optional member that a client writes as null is one that it left out; an input may be null.
            if (json.TokenType == JsonTokenType.Null && member != CallMembers.Input)
            {
                continue;
            }

            seen |= member;
            call = member switch
            {
                CallMembers.Path => call with { Path = PathOf(MemberValue.Text(ref json, member)) },
                CallMembers.Language => call with { Language = LanguageOf(MemberValue.Text(ref json, member)) },
                CallMembers.Code => call with { Code = CodeOf(MemberValue.Text(ref json, member), codeMaxBytes) },
                CallMembers.Sources => WithSources(ref json, call, sources ??= new CallSources(most.SourceFiles, codeMaxBytes), unknown),
                CallMembers.Entry => call with { Entry = MemberValue.Text(ref json, member) },
                CallMembers.Input => call with { Input = InputOf(ref json, body) },
                CallMembers.Stream => call with { Stream = MemberValue.Flag(ref json, member) },
                CallMembers.DryRun => call with { DryRun = MemberValue.Flag(ref json, member) },
                CallMembers.Force => call with { Force = MemberValue.Flag(ref json, member) },
                CallMembers.Logs => call with { Logs = MemberValue.Flag(ref json, member) },
                CallMembers.Stats => call with { Stats = MemberValue.Flag(ref json, member) },
                CallMembers.Keep => WithKeep(ref json, call),
                CallMembers.Priority => call with { Priority = AsyncMember.Priority(ref json) },
                CallMembers.NotBefore => call with { NotBefore = AsyncMember.NotBefore(ref json) },
                CallMembers.Then => call with { Then = ThenMember.Of(ref json) },
                CallMembers.Callback => call with { Callback = CallbackMember.Of(ValueOf(ref json, body)) },
                CallMembers.Files => WithFiles(ref json, call, files ??= new CallFiles(fileLimits), unknown),
                CallMembers.None => Skipped(ref json, call),
                _ => call with { Settings = SettingReader.Read(ref json, member, call.Settings, most) },
            };
        }

        // Throws when anything follows the object.
        json.Read();
        foreach (var member in s_required)
        {
            if (members.HasFlag(member) && !seen.HasFlag(member))
            {
                throw ProblemException.Malformed($"\"{member.ToWire()}\" is missing.");
            }
        }

        call = members.HasFlag(CallMembers.Code) ? WithTree(call, seen, sources) : call;
        return call with { Warnings = unknown, Files = files?.All ?? [] };
    }

    private static IEnumerable<string> NamesOf(CallMembers members) =>
        WireNames.All<CallMembers>().Where(name => WireNames.TryParse<CallMembers>(name, out var member) && members.HasFlag(member));

    private static string PathOf(string path) => ScriptPath.Check(path) is { } wrong
        ? throw ProblemException.Malformed($"\"path\" {wrong}.")
        : path;

    private static Language LanguageOf(string name) => WireNames.TryParse<Language>(name, out var language)
        ? language
        : throw ProblemException.Malformed($"\"language\" is {MemberValue.Quoted(name)}; allowed are {WireNames.Allowed<Language>()}.");

    private static string CodeOf(string code, int maxBytes)
    {
        var bytes = Encoding.UTF8.GetByteCount(code);
        return bytes > maxBytes ? throw new ProblemException(FaasProblems.TooLarge($"\"code\" has {bytes} bytes; allowed are {maxBytes}."))
            : string.IsNullOrWhiteSpace(code) ? throw ProblemException.Malformed("\"code\" is empty.")
            : code.Contains('\0') ? throw ProblemException.Malformed("\"code\" contains a NUL character.")
            : code;
    }

    private static byte[] InputOf(ref Utf8JsonReader json, ReadOnlySpan<byte> body)
    {
        ReadOnlySpan<byte> value;
        if (json.TokenType == JsonTokenType.String)
        {
            value = Encoding.UTF8.GetBytes(MemberValue.Text(ref json, CallMembers.Input));
            if (value.IndexOfAnyExcept(" \t\r\n"u8) < 0)
            {
                return [.. CallRequest.EmptyObject.Span];
            }

            if (!JsonScan.IsValue(value, Run.MaxInputDepth, out _))
            {
                throw ProblemException.Malformed(
                    $"\"input\" is a string, so its text must be JSON, nested at most {Run.MaxInputDepth} levels deep.");
            }
        }
        else
        {
            value = ValueOf(ref json, body);
            if (!JsonScan.IsValue(value, Run.MaxInputDepth, out _))
            {
                throw ProblemException.Malformed($"\"input\" is nested deeper than {Run.MaxInputDepth} levels.");
            }
        }

        return value.Length <= Run.MaxInputBytes
            ? value.ToArray()
            : throw new ProblemException(FaasProblems.TooLarge($"\"input\" has {value.Length} bytes; allowed are {Run.MaxInputBytes}."));
    }

    // A call has it for its own run, an upload for the runs of the version.
    private static CallRequest WithKeep(ref Utf8JsonReader json, CallRequest call)
    {
        var keep = MemberValue.Flag(ref json, CallMembers.Keep);
        return call with { Keep = keep, Settings = call.Settings with { Keep = keep } };
    }

    // As it was sent.
    private static ReadOnlySpan<byte> ValueOf(scoped ref Utf8JsonReader json, ReadOnlySpan<byte> body)
    {
        var start = (int)json.TokenStartIndex;
        json.Skip();
        return body[start..(int)json.BytesConsumed];
    }

    private static CallRequest WithFiles(ref Utf8JsonReader json, CallRequest call, CallFiles files, List<string> unknown)
    {
        FilesReader.Read(ref json, "files", (name, content) => files.Add(name, new ReadOnlySequence<byte>(content)), unknown);
        return call;
    }

    private static CallRequest WithSources(ref Utf8JsonReader json, CallRequest call, CallSources sources, List<string> unknown)
    {
        FilesReader.Read(ref json, "sources", (name, content) => sources.Add(name, content), unknown);
        return call;
    }

    private static CallRequest WithTree(CallRequest call, CallMembers seen, CallSources? sources)
    {
        if (!seen.HasFlag(CallMembers.Sources) && sources is null or { IsEmpty: true })
        {
            return !seen.HasFlag(CallMembers.Code) ? throw ProblemException.Malformed("\"code\" is missing.")
                : call.Entry is not null ? throw ProblemException.Malformed("\"entry\" is for \"sources\"; \"code\" is a single text.")
                : call;
        }

        if (seen.HasFlag(CallMembers.Code))
        {
            throw ProblemException.Malformed("There are both \"code\" and \"sources\"; a script has one of them.");
        }

        var tree = sources!.ToTree(call.Language, call.Entry);
        return call with { Code = tree.EntryText, Tree = tree };
    }

    private static CallRequest Skipped(ref Utf8JsonReader json, CallRequest call)
    {
        json.Skip();
        return call;
    }
}
