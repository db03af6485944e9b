using Faas.Actors.Json;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Reply;
using Faas.Actors.UseCases;
using Faas.Http.Wire.Problems;

namespace Faas.Http.Api.Runs;

/// <summary>The HTTP status that a caller would have got who had waited for a kept run.</summary>
internal static class KeptStatus
{
    /// <summary>By the reason of its end; null: this server does not know that reason.</summary>
    public static int? Of(string reason) =>
        WireNames.TryParse<Reason>(reason, out var ended) ? FaasProblems.StatusOf(ended)
        : WireNames.TryParse<RefusalReason>(reason, out var refused) ? FaasProblems.Of(new Refusal(refused, "")).Status
        : null;
}
