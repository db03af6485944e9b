using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;

namespace Faas.Client;

/// <summary>
/// The events of one kept run, or of one batch. Theory of operation: a connection that is lost is made again, and the server is told the
/// last event that came; it sends what follows. The first connection is not tried again.
/// </summary>
/// <param name="transport">The server.</param>
/// <param name="address">Where the events are.</param>
/// <param name="read">Reads one; null: it tells nothing.</param>
/// <param name="isLast">Whether no event comes behind this one.</param>
internal sealed class KeptEvents<T>(
    Transport transport, string address, Func<string, HttpResponseMessage, T?> read, Func<T, bool> isLast)
    where T : class
{
    private const int MostFailures = 10;
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(5);
    private string? _last;
    private bool _isOver;

    /// <summary>Those behind one; null: all.</summary>
    public async IAsyncEnumerable<T> AllAsync(long? after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        _last = after?.ToString(CultureInfo.InvariantCulture);
        var isFirst = true;
        for (var (failures, pause) = (0, s_firstPause); ; failures++)
        {
            await using var happened = OnceAsync(cancellation).GetAsyncEnumerator(cancellation);
            while (await NextAsync(happened, mayFail: !isFirst && failures < MostFailures))
            {
                (isFirst, failures, pause) = (false, 0, s_firstPause);
                if (happened.Current is { } next)
                {
                    yield return next;
                    if (isLast(next))
                    {
                        yield break;
                    }
                }
            }

            if (_isOver)
            {
                yield break;
            }

            isFirst = false;
            await Task.Delay(pause, cancellation);
            pause = pause * 2 < s_longestPause ? pause * 2 : s_longestPause;
        }
    }

    // False: the connection is lost, or the server says that there is nothing more.
    private static async ValueTask<bool> NextAsync(IAsyncEnumerator<T?> happened, bool mayFail)
    {
        try
        {
            return await happened.MoveNextAsync();
        }
        catch (Exception lost) when (mayFail && lost is HttpRequestException or IOException)
        {
            return false;
        }
    }

    private async IAsyncEnumerable<T?> OnceAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (_last is not null)
        {
            request.Headers.Add("Last-Event-ID", _last);
        }

        using var response = await transport.SendAsync(request, cancellation);
        _isOver = response.StatusCode == HttpStatusCode.NoContent;
        if (_isOver)
        {
            yield break;
        }

        await foreach (var message in Transport.MessagesAsync(response, cancellation))
        {
            _last = message.EventId ?? _last;
            yield return read(message.Data, response);
        }
    }
}
