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
/// <param name="Stats">What the run cost, if the call has asked.</param>
public sealed record RunAnswer(JsonElement Data, DataType Type, string? Hint = null, string? Logs = null, RunStats? Stats = null);
