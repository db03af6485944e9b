using Faas.Actors.Runs.Batches;
using Faas.Actors.Scripts;
using Faas.Actors.UseCases;
using Faas.Http.Access;
using Faas.Http.Api.Runs.Recent;
using Faas.Http.Wire.Problems;

namespace Faas.Http.Api.Batches;

/// <summary>Who may see and cancel a batch: who may see and cancel its runs. Others are answered as for its runs.</summary>
internal static class BatchAccess
{
    /// <summary>
    /// The batch, if the caller may see it, or, to cancel it, if the caller may do that. Throws <see cref="ProblemException"/>.
    /// </summary>
    /// <param name="batches">The store.</param>
    /// <param name="context">The request.</param>
    /// <param name="id">The batch.</param>
    /// <param name="scope">The scope that sees, or may cancel, what others have started.</param>
    public static async Task<Batch> FindAsync(this IBatches batches, HttpContext context, string id, Scopes scope)
    {
        try
        {
            var batch = BatchIds.Is(id) ? await batches.FindAsync(id, context.RequestAborted) : null;
            return KeptRunAccess.ProblemOf(context, batch?.Call, scope, $"the batch \"{id}\"", Refusal.NoBatch(id)) is { } problem
                ? throw new ProblemException(problem)
                : batch!;
        }
        catch (StoreException)
        {
            throw new ProblemException(FaasProblems.Of(Refusal.StoreIsAway));
        }
    }
}
