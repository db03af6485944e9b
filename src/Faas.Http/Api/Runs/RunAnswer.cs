using System.Text.Json;
using Faas.Actors.Runs;
using Faas.Http.Wire;

namespace Faas.Http.Api.Runs;

/// <summary>What a run answered.</summary>
/// <remarks>In the shape that <see cref="RunReply"/> writes; the API's description is made from it.</remarks>
/// <param name="Data">What the script returned: any JSON value.</param>
/// <param name="Type">What kind of value it is.</param>
/// <param name="Hint">What may have gone otherwise than the script's author meant it.</param>
/// <param name="Logs">The end of what the script printed, if the call has asked.</param>
/// <param name="Files">The files that the script left in /tmp/out, if it did.</param>
/// <param name="Stats">What the run cost, if the call has asked.</param>
public sealed record RunAnswer(
    JsonElement Data,
    DataType Type,
    string? Hint = null,
    string? Logs = null,
    IReadOnlyList<RunAnswerFile>? Files = null,
    RunStats? Stats = null);

/// <summary>A file that a run gives back.</summary>
/// <param name="Name">Its name, without a folder.</param>
/// <param name="Size">Its bytes.</param>
/// <param name="MediaType">What the ending of its name says.</param>
/// <param name="Base64">Its content in base64.</param>
public sealed record RunAnswerFile(string Name, long Size, string MediaType, string Base64);
