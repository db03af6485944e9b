using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Faas.Actors.Runs.Batches;
using Faas.Actors.Scripts;
using Faas.Actors.UseCases;
using Faas.Actors.UseCases.Batches;
using Faas.Http.Access;
using Faas.Http.Api.Runs;
using Faas.Http.Wire;
using Faas.Http.Wire.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Faas.Http.Api.Batches;

/// <summary>The routes of <c>/api/v1/batches</c> that answer with JSON.</summary>
public static class BatchReads
{
    private const int ReadAtOnce = 16; // runs, each with a value of up to faas.runs.kept.result-size
    private const long LongPage = 8 << 20;

    /// <summary><c>GET /api/v1/batches</c>.</summary>
    public static async Task<Results<JsonBody<BatchPageReply>, ProblemReply>> ListAsync(
        BatchesRequest request, IBatches batches, CancellationToken cancellation)
    {
        try
        {
            var (found, next) = await batches.PageAsync(request.Filter, request.Page.Limit, request.Before, cancellation);
            return new JsonBody<BatchPageReply>(
                new BatchPageReply(
                    [.. found.Select(BatchReply.Of)], request.Page.Cursor(next?.ToString(CultureInfo.InvariantCulture))),
                BatchesJson.Default.BatchPageReply);
        }
        catch (StoreException)
        {
            return new ProblemReply(FaasProblems.Of(Refusal.StoreIsAway));
        }
    }

    /// <summary><c>GET …/{id}</c>.</summary>
    public static async Task<JsonBody<BatchReply>> FindAsync(string id, IBatches batches, HttpContext context) =>
        new(BatchReply.Of(await batches.FindAsync(context, id, Scopes.Runs)), BatchesJson.Default.BatchReply);

    /// <summary><c>DELETE …/{id}</c>.</summary>
    public static async Task<Results<JsonBody<BatchReply>, ProblemReply>> CancelAsync(
        string id, IBatches batches, CancelBatch cancel, HttpContext context)
    {
        var (batch, refusal) = await cancel.ExecuteAsync(await batches.FindAsync(context, id, Scopes.Admin), context.RequestAborted);
        return batch is null
            ? new ProblemReply(FaasProblems.Of(refusal!))
            : new JsonBody<BatchReply>(BatchReply.Of(batch), BatchesJson.Default.BatchReply);
    }

    /// <summary><c>GET …/{id}/results</c>: a page, or all of them as lines of JSON.</summary>
    public static async Task ResultsAsync(string id, IBatches batches, HttpContext context)
    {
        var batch = await batches.FindAsync(context, id, Scopes.Runs);
        if (WantedBody.IsRaw(context.Request, BatchLines.MediaType))
        {
            await WriteLinesAsync(batch, batches, context);
            return;
        }

        try
        {
            await (await PageAsync(batch, batches, context)).ExecuteAsync(context);
        }
        catch (StoreException)
        {
            throw new ProblemException(FaasProblems.Of(Refusal.StoreIsAway));
        }
    }

    // A page is short where its values are long.
    private static async Task<JsonBody<BatchResultPageReply>> PageAsync(Batch batch, IBatches batches, HttpContext context)
    {
        var (page, first) = ResultsPage.Of(context, batch);
        var (results, bytes, next) = (new List<BatchResultReply>(), 0L, first);
        var end = Math.Min(batch.Count, first + page.Limit);
        while (next < end && bytes < LongPage)
        {
            var runs = await batches.RunsAsync(batch.Id, next, Math.Min(ReadAtOnce, end - next), context.RequestAborted);
            results.AddRange(runs.Select(BatchResultReply.Of));
            bytes += runs.Sum(run => (long)(run.Run?.Result.Length ?? 0));
            next += runs.Count;
        }

        var cursor = next < batch.Count ? page.Cursor(next.ToString(CultureInfo.InvariantCulture)) : null;
        return new JsonBody<BatchResultPageReply>(
            new BatchResultPageReply(results, cursor), BatchesJson.Default.BatchResultPageReply);
    }

    // A store that fails on the way cuts the connection, so that no half list looks whole.
    private static async Task WriteLinesAsync(Batch batch, IBatches batches, HttpContext context)
    {
        ResultsPage.CheckOfLines(context);
        context.Response.ContentType = BatchLines.MediaType;
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return; // the headers are all that is asked for
        }

        try
        {
            var output = context.Response.BodyWriter;
            for (var next = 0; next < batch.Count; next += ReadAtOnce)
            {
                var count = Math.Min(ReadAtOnce, batch.Count - next);
                foreach (var run in await batches.RunsAsync(batch.Id, next, count, context.RequestAborted))
                {
                    var line = JsonSerializer.SerializeToUtf8Bytes(BatchResultReply.Of(run), BatchesJson.Default.BatchResultReply);
                    JsonText.WriteOnOneLine(output, line);
                    output.Write("\n"u8);
                }

                await output.FlushAsync(context.RequestAborted);
            }
        }
        catch (StoreException) when (!context.Response.HasStarted)
        {
            throw new ProblemException(FaasProblems.Of(Refusal.StoreIsAway));
        }
    }
}
