using System.Text;
using Faas.Actors.Runs.Output;
using Faas.Actors.UseCases;
using Faas.Http.Configuration;
using Faas.Http.Lifecycle;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Faas.Http.Api.Mcp;

/// <summary>
/// Sends each line that a run prints to its client, as a notification of progress. After a silence it sends one without text, so that
/// the client, and what stands between, sees that the run goes on. The progress is the number of the notification, because it must rise.
/// </summary>
internal sealed class ProgressSink(
    McpServer client, ProgressToken token, HttpOptions options, RequestGate gate, CancellationToken leaves) : IRunSink
{
    private int _sent;

    /// <inheritdoc />
    public TimeSpan IdleAfter => options.PingInterval;

    /// <inheritdoc />
    public CancellationToken Closing => gate.Abandoned;

    /// <inheritdoc />
    public ValueTask<bool> StartAsync(RunStarted started) => ValueTask.FromResult(!leaves.IsCancellationRequested);

    /// <inheritdoc />
    public async ValueTask<bool> WriteAsync(IReadOnlyList<OutputEvent> events)
    {
        foreach (var line in events.OfType<OutputLine>())
        {
            if (!await SendAsync(Encoding.UTF8.GetString(line.Bytes.Span)))
            {
                return false;
            }
        }

        return !leaves.IsCancellationRequested;
    }

    /// <inheritdoc />
    public ValueTask<bool> IdleAsync() => SendAsync(line: null);

    private async ValueTask<bool> SendAsync(string? line)
    {
        try
        {
            var progress = new ProgressNotificationValue { Progress = ++_sent, Message = line };
            await client.NotifyProgressAsync(token, progress, cancellationToken: leaves);
            return true;
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException or ObjectDisposedException)
        {
            return false;
        }
    }
}
