using System.Text;
using System.Text.Unicode;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Output;
using Faas.Actors.UseCases;
using Faas.Actors.UseCases.Kept;
using Faas.Http.Api.Calls;
using Faas.Http.Configuration;
using Faas.Http.Lifecycle;
using Faas.Http.Wire;
using Faas.Http.Wire.Events;

namespace Faas.Http.Api.Runs;

/// <summary>
/// Answers a call with <c>"keep": true</c> as any other; the record of its run is written afterwards. With <c>"stream": true</c> as well,
/// the record is begun before the run is, so that a stream that breaks can be taken up at the run's events.
/// </summary>
public sealed class KeptCallRun(
    KeepRun keep, RunOnce atOnce, KeptRunsOptions kept, HttpOptions options, RequestGate gate, HttpMeters meters, TimeProvider time)
{
    /// <summary>
    /// Whether the record of the run is to be kept: as the call says, or else as the settings of the version do. Throws
    /// <see cref="Wire.Problems.ProblemException"/> when the call asks for a record and this server keeps none.
    /// </summary>
    public bool Keeps(HttpContext context, FoundScript found, CallRequest call)
    {
        if (call.Keep == true)
        {
            AsyncRun.CheckKeeps(kept);
        }

        var keeps = call.Keep ?? found.Version.Settings.Keep ?? false;
        if (keeps && !kept.Enabled)
        {
            context.Response.SetWarnings(
                [.. call.Warnings, "The record of the run is not kept; this server keeps none (faas.runs.kept.enabled)."]);
        }

        return keeps && kept.Enabled;
    }

    /// <summary>Answers it; the Location says where the record will be. Throws <see cref="Wire.Problems.ProblemException"/>.</summary>
    public async Task AnswerAsync(HttpContext context, RunScriptRequest request, FoundScript found, CallRequest call)
    {
        var terms = AsyncRun.TermsOf(context, request, call, time);
        if (call.Stream)
        {
            await StreamAsync(context, request, found, terms, call);
            return;
        }

        var (result, id, why) = await keep.ExecuteAsync(request, found, terms, context.RequestAborted);
        if (id is not null)
        {
            context.Response.Headers.Location = AsyncRun.LocationOf(id);
        }

        if (why is not null)
        {
            context.Response.SetWarnings([.. call.Warnings, why]);
        }

        await RunReply.WriteAsync(context, result, call);
    }

    private async Task StreamAsync(
        HttpContext context, RunScriptRequest request, FoundScript found, KeptTerms terms, CallRequest call)
    {
        var done = await atOnce.StreamAsync(
            request,
            found,
            terms,
            runId =>
            {
                context.Response.Headers.Location = AsyncRun.LocationOf(runId);
                return new KeptStreamSink(new EventStreamSink(context, options, gate, meters));
            },
            context.RequestAborted);
        CallRecord.Of(context).Run = done.Call;
        if (done.Id is null && !context.Response.HasStarted)
        {
            context.Response.Headers.Location = default;
        }

        await RunReply.WriteAsync(context, done.Result!, call);
    }

    // What the record does not have as it was printed or thrown, its events do not have; and those of the stream are to be the same.
    private sealed class KeptStreamSink(EventStreamSink stream) : IRunSink
    {
        public TimeSpan IdleAfter => stream.IdleAfter;

        public CancellationToken Closing => stream.Closing;

        public ValueTask<bool> StartAsync(RunStarted started) => stream.StartAsync(started);

        public ValueTask<bool> WriteAsync(IReadOnlyList<OutputEvent> events) => stream.WriteAsync([.. events.Select(AsKept)]);

        public ValueTask<bool> IdleAsync() => stream.IdleAsync();

        private static OutputEvent AsKept(OutputEvent next) => next switch
        {
            OutputLine line when !Utf8.IsValid(line.Bytes.Span) => line with
            {
                Bytes = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(line.Bytes.Span)),
            },
            OutputEnded end => new OutputEnded(EndedReply.AsKept(end.Outcome)),
            _ => next,
        };
    }
}
