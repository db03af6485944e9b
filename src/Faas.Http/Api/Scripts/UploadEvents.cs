using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Faas.Actors.Runs.Output;
using Faas.Actors.UseCases;
using Faas.Http.Configuration;
using Faas.Http.Lifecycle;
using Faas.Http.Wire;
using Faas.Http.Wire.Events;
using Faas.Http.Wire.Problems;

namespace Faas.Http.Api.Scripts;

/// <summary>
/// The answer to an upload whose log is wanted while it is written: server-sent events, as those of a run.
/// <para>
/// Theory of operation. The stream begins with the first line, or when the client has waited for as long as idle streams do. An upload that
/// fails before that is answered with its own status. The lines wait in memory until the client reads them: a log is bounded. The API
/// document does not name this form of the answer: clients that were made from it would have to tell two forms apart.
/// </para>
/// </summary>
/// <param name="publish">Publishes; takes what hears of each line.</param>
/// <param name="answer">What the result is answered with: a reply, or a problem.</param>
public sealed class UploadEvents(
    Func<Action<string>, CancellationToken, Task<PublishResult>> publish,
    Func<PublishResult, (UploadReply? Reply, Problem? Problem)> answer)
    : IResult
{
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var services = httpContext.RequestServices;
        var options = services.GetRequiredService<HttpOptions>();
        var stream = new EventStream(httpContext, options, services.GetRequiredService<HttpMeters>());
        var closing = services.GetRequiredService<RequestGate>().Abandoned;
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, closing);
        var lines = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });
        var publishing = PublishAsync(lines.Writer, leaving.Token);
        var events = new ServerSentEvents(stream.Output);
        var hasBegun = false;
        try
        {
            while (await HasLinesAsync(lines.Reader, options.PingInterval) is var hasLines && hasLines != false)
            {
                if (!hasBegun)
                {
                    stream.Begin();
                    hasBegun = true;
                }

                Write(lines.Reader, events, stream);
                if (!await stream.FlushAsync())
                {
                    await leaving.CancelAsync();
                }
            }
        }
        catch
        {
            await leaving.CancelAsync();
            throw;
        }
        finally
        {
            await ((Task)publishing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (publishing.IsCanceled && !httpContext.RequestAborted.IsCancellationRequested)
        {
            publishing = Task.FromResult<PublishResult>(new PublishNotTaken(Refusal.Draining(s_soon), Check: null));
        }

        var (reply, problem) = answer(await publishing);
        if (problem is not null && !hasBegun)
        {
            await ProblemWriter.WriteAsync(httpContext, problem);
            return;
        }

        if (!hasBegun)
        {
            stream.Begin();
        }

        if (problem is not null)
        {
            events.Failure(problem);
        }
        else
        {
            events.Result(JsonSerializer.SerializeToUtf8Bytes(reply!, ScriptsJson.Default.UploadReply));
        }

        await stream.FlushAsync();
    }

    private async Task<PublishResult> PublishAsync(ChannelWriter<string> lines, CancellationToken cancellation)
    {
        try
        {
            return await publish(line => lines.TryWrite(line), cancellation);
        }
        finally
        {
            lines.Complete();
        }
    }

    // Null: there is none within that time.
    private static async Task<bool?> HasLinesAsync(ChannelReader<string> lines, TimeSpan within)
    {
        using var idle = new CancellationTokenSource(within);
        try
        {
            return await lines.WaitToReadAsync(idle.Token);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private static void Write(ChannelReader<string> lines, ServerSentEvents events, EventStream stream)
    {
        var isIdle = true;
        while (lines.TryRead(out var line))
        {
            events.Log(new OutputLine(OutputStream.Stdout, Encoding.UTF8.GetBytes(line), Partial: false));
            isIdle = false;
        }

        if (isIdle)
        {
            EventFrames.Ping(stream.Output);
        }
    }
}
