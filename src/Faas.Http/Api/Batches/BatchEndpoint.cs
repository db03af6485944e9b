using System.Globalization;
using System.Text;
using Faas.Actors.Runs.Batches;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Recent;
using Faas.Actors.Scripts;
using Faas.Actors.UseCases;
using Faas.Actors.UseCases.Batches;
using Faas.Actors.UseCases.Kept;
using Faas.Http.Access;
using Faas.Http.Api.Calls;
using Faas.Http.Api.Runs;
using Faas.Http.Api.Runs.Recent;
using Faas.Http.Configuration;
using Faas.Http.Wire;
using Faas.Http.Wire.Events;
using Faas.Http.Wire.Problems;
using Microsoft.AspNetCore.Http.Features;

namespace Faas.Http.Api.Batches;

/// <summary><c>POST /batch/{path}?version=</c>: one run of a stored script for each input.</summary>
public sealed class BatchEndpoint(
    AcceptBatch accept,
    IBatches batches,
    BatchEventsEndpoint events,
    KeptReaders readers,
    KeptRunsOptions kept,
    HttpOptions options,
    TimeProvider time)
{
    /// <summary>Where the record of a batch is.</summary>
    public static string LocationOf(string id) => $"/api/v1/batches/{Uri.EscapeDataString(id)}";

    /// <summary>Answers 202, or with the event stream of the batch.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        if (Reconnection.IsRefused(context))
        {
            return;
        }

        var path = ScriptUrl.PathOf(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        CallRecord.Of(context).Path = path;
        context.CheckKeyIsFor(path);
        AsyncRun.CheckKeeps(kept);
        var version = ScriptUrl.VersionOf(context.Request.Query);
        var body = await BatchBody.ReadAsync(context, options, kept.Batch);
        context.Response.SetWarnings(UnknownName.InQuery(context.Request.Query, [ScriptUrl.Version]));
        var arguments = new RunArguments(context.TraceIdentifier, CallRequest.EmptyObject, Key: context.KeyName())
        {
            TraceParent = TraceContext.ParentOf(context.Request),
        };
        var request = new RunScriptRequest(path, version, arguments, version.Alias is null ? null : name => context.Request.Headers[name]);
        var terms = TermsOf(context, request, body);

        // Where there is no place for a reader, nothing is accepted.
        using var reader = body.Stream ? readers.Take() : null;
        var (batch, refusal) = await accept.ExecuteAsync(request, body.Inputs, terms, context.RequestAborted);
        if (batch is null)
        {
            await ProblemWriter.WriteAsync(context, FaasProblems.Of(refusal!));
            return;
        }

        var earlier = batch.IsEarlier ? await EarlierAsync(context, batch.Id) : null;
        var number = earlier?.Call.Version ?? batch.Version;
        CallRecord.Of(context).Version = number;
        context.Response.SetVersion(number);
        context.Response.Headers.Location = LocationOf(batch.Id);
        if (batch.IsEarlier)
        {
            context.Response.Headers[CallHeaders.IdempotencyReplayed] = "true";
        }

        await (body.Stream
            ? events.FollowAsync(context, batch.Id, new BatchReader(null))
            : AcceptedBatchReply.WriteAsync(
                context, new AcceptedBatchReply(batch.Id, path, number, body.Inputs.Count, earlier?.Stage ?? RunStage.Queued)));
    }

    // A store that is away since it has told of the batch costs its version and state, and not the answer.
    private async Task<Batch?> EarlierAsync(HttpContext context, string id)
    {
        try
        {
            return await batches.FindAsync(id, context.RequestAborted);
        }
        catch (StoreException)
        {
            return null;
        }
    }

    private KeptTerms TermsOf(HttpContext context, RunScriptRequest request, BatchBody body) => new(
        body.Priority ?? KeptCall.UsualPriority,
        body.NotBefore,
        context.CallerOfKey(),
        AsyncRun.ReceivedOf(context, time))
    {
        Once = IdempotencyKeys.Of(context.Request) is not { } key ? null : KeptOnce.Of(
            context.CallerOfKey(),
            $"/batch/{request.Path}", // no path of a script, so a key of a call of the script is another one
            key,
            [$"{request.Version.Number}", request.Version.Alias, $"{body.Priority}", $"{body.NotBefore:O}"],
            Joined(body.Inputs)),
    };

    // Two lists of JSON values never give the same bytes: each stands behind its length.
    private static byte[] Joined(IReadOnlyList<ReadOnlyMemory<byte>> inputs)
    {
        using var all = new MemoryStream();
        foreach (var input in inputs)
        {
            all.Write(Encoding.ASCII.GetBytes(input.Length.ToString(CultureInfo.InvariantCulture)));
            all.WriteByte((byte)' ');
            all.Write(input.Span);
        }

        return all.ToArray();
    }
}
