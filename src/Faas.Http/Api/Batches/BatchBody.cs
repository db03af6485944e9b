using System.Text.Json;
using Faas.Actors.Json;
using Faas.Actors.Runs;
using Faas.Http.Api.Calls;
using Faas.Http.Configuration;
using Faas.Http.Wire;
using Faas.Http.Wire.Problems;

namespace Faas.Http.Api.Batches;

/// <summary>What the body of <c>POST /batch/{path}</c> said.</summary>
public sealed record BatchBody
{
    private const string InputsName = "inputs", PriorityName = "priority", NotBeforeName = "notBefore", StreamName = "stream";
    private const string ThenName = "then", KeepName = "keep";
    private const int LongestName = 12 * 6; // "notBefore" with every letter as \uXXXX, and some more
    private static readonly string[] s_names = [InputsName, PriorityName, NotBeforeName, StreamName];
    private static readonly string[] s_ofCalls = [ThenName, CallbackMember.Name, KeepName];

    /// <summary>The input of each run as UTF-8 JSON in memory of its own, as it was sent.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Inputs { get; init; } = [];

    /// <summary>1 to 9; null: it names none.</summary>
    public int? Priority { get; init; }

    /// <summary>Before this time no run starts; null: they may start at once.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>Whether the answer is the event stream of the batch.</summary>
    public bool Stream { get; init; }

    /// <summary>Reads a request's body, JSON or lines of JSON by its Content-Type. Throws <see cref="ProblemException"/>.</summary>
    /// <param name="context">The request.</param>
    /// <param name="options">How long a body may be.</param>
    /// <param name="most">The most inputs.</param>
    public static async Task<BatchBody> ReadAsync(HttpContext context, HttpOptions options, int most)
    {
        using var body = await RequestBody.ReadAsync(context.Request, options);
        CallRecord.Of(context).InputBytes = body.Bytes.Length;
        return BatchLines.Are(context.Request)
            ? new BatchBody { Inputs = BatchLines.Read(BodyText.Of(body.Bytes), most) }
            : Read(body.Bytes, most);
    }

    /// <summary>Reads JSON. Throws <see cref="ProblemException"/>.</summary>
    /// <param name="body">The whole body.</param>
    /// <param name="most">The most inputs.</param>
    public static BatchBody Read(ReadOnlySpan<byte> body, int most)
    {
        var text = BodyText.OfObject(body);
        var json = new Utf8JsonReader(text, BodyText.AnyDepth);
        try
        {
            return ReadObject(ref json, text, most);
        }
        catch (JsonException wrong)
        {
            throw BodyText.Wrong(wrong);
        }
    }

    private static BatchBody ReadObject(ref Utf8JsonReader json, ReadOnlySpan<byte> text, int most)
    {
        BodyText.Begin(ref json);
        var (batch, seen) = (new BatchBody(), new HashSet<string>());
        while (json.Read() && json.TokenType != JsonTokenType.EndObject)
        {
            var name = BodyText.NameOf(ref json, LongestName) ?? "(a long name)";
            CheckKnown(name);
            json.Read();
            if (!seen.Add(name))
            {
                throw ProblemException.Malformed($"{UnknownName.Quoted(name)} appears twice.");
            }

            if (json.TokenType == JsonTokenType.Null && name != InputsName)
            {
                continue; // as if it were left out
            }

            switch (name)
            {
                case InputsName:
                    batch = batch with { Inputs = InputsIn(ref json, text, most) };
                    break;
                case PriorityName:
                    batch = batch with { Priority = AsyncMember.Priority(ref json) };
                    break;
                case NotBeforeName:
                    batch = batch with { NotBefore = AsyncMember.NotBefore(ref json) };
                    break;
                case StreamName:
                    batch = batch with { Stream = MemberValue.Flag(ref json, CallMembers.Stream) };
                    break;
                default:
                    throw ProblemException.Malformed($"\"{name}\" is not for batches.");
            }
        }

        json.Read(); // throws when anything follows the object
        return seen.Contains(InputsName)
            ? batch
            : throw ProblemException.Malformed($"\"{InputsName}\" is missing.");
    }

    private static void CheckKnown(string name)
    {
        if (name == ScriptUrl.Version)
        {
            throw ProblemException.Malformed($"\"{name}\" stands in the URL, as ?{name}=; the body of a batch has no such member.");
        }

        if (!s_names.Contains(name) && !s_ofCalls.Contains(name))
        {
            throw UnknownName.InBody(name, s_names);
        }
    }

    private static List<ReadOnlyMemory<byte>> InputsIn(ref Utf8JsonReader json, ReadOnlySpan<byte> text, int most)
    {
        if (json.TokenType != JsonTokenType.StartArray)
        {
            throw ProblemException.Malformed($"\"{InputsName}\" must be an array, not {MemberValue.Kind(json.TokenType)}.");
        }

        var inputs = new List<ReadOnlyMemory<byte>>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)json.TokenStartIndex;
            json.Skip();
            var input = text[start..(int)json.BytesConsumed];
            if (!JsonScan.IsValue(input, Run.MaxInputDepth, out _))
            {
                throw ProblemException.Malformed(
                    $"\"{InputsName}[{inputs.Count}]\" is nested deeper than {Run.MaxInputDepth} levels.");
            }

            MemberValue.CheckInput(input, $"\"{InputsName}[{inputs.Count}]\"");
            Add(inputs, input, most);
        }

        return inputs;
    }

    /// <summary>Adds an input. Throws <see cref="ProblemException"/> where there are as many as may be.</summary>
    internal static void Add(List<ReadOnlyMemory<byte>> inputs, ReadOnlySpan<byte> input, int most)
    {
        if (inputs.Count == most)
        {
            throw new ProblemException(FaasProblems.TooLarge(
                $"The batch has more than {most} inputs, the most that it may have (faas.runs.kept.batch)."));
        }

        inputs.Add(input.ToArray());
    }
}

/// <summary>Many runs of a script, one for each input.</summary>
/// <remarks>In the shape of the body; the API's description is made from it.</remarks>
/// <param name="Inputs">What each run gets as its event: any JSON values, as many as runs are wanted, at least one.</param>
/// <param name="Priority">1 to 9: of the runs of a script that wait, one of the highest priority goes first; left out: 5.</param>
/// <param name="NotBefore">No run starts before this time; left out: they may start at once.</param>
/// <param name="Stream">Whether the answer is the event stream of the batch; left out: it is not.</param>
public sealed record BatchContent(
    IReadOnlyList<JsonElement> Inputs, int? Priority = null, DateTimeOffset? NotBefore = null, bool? Stream = null);
