using System.Net;
using System.Text;

namespace Faas.Testing;

/// <summary>
/// Reads an event stream as an EventSource does whose connections are cut: complete events count, and the last id of these goes back to the
/// server.
/// </summary>
public static class CutEvents
{
    private const int MostAtOnce = 1000;

    /// <summary>Opens a connection, and cuts it after a number of bytes. False: the server tells the client to stop.</summary>
    /// <param name="client">The client.</param>
    /// <param name="events">The stream.</param>
    /// <param name="got">What was read before; the complete events of this connection are added.</param>
    /// <param name="most">After how many bytes the connection is cut, if the stream has not ended before.</param>
    /// <param name="patience">How long the connection may last.</param>
    /// <param name="until">The connection is also cut when this has come; null: it is not.</param>
    public static async Task<bool> ReadEventsAsync(
        this HttpClient client, string events, List<byte> got, int most, TimeSpan patience, string? until = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(events, UriKind.Relative));
        if (LastIdIn(got) is { } last)
        {
            request.Headers.Add("Last-Event-ID", last);
        }

        using var end = new CancellationTokenSource(patience);
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, end.Token);
        if (answer.StatusCode == HttpStatusCode.NoContent)
        {
            return false;
        }

        answer.EnsureSuccessStatusCode();
        await using var body = await answer.Content.ReadAsStreamAsync(end.Token);
        await TakeAsync(body, got, most, until, end.Token);
        return true;
    }

    /// <summary>Reads the complete events within the first bytes of a stream.</summary>
    /// <param name="body">The stream.</param>
    /// <param name="got">Where the events are added.</param>
    /// <param name="most">How many bytes are read.</param>
    /// <param name="until">Nothing more is read when this has come; null: it is.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task TakeAsync(Stream body, List<byte> got, int most, string? until, CancellationToken cancellation)
    {
        var (part, buffer) = (new List<byte>(), new byte[Math.Clamp(most, 1, MostAtOnce)]);
        for (int read; part.Count < most && (read = await body.ReadAsync(buffer, cancellation)) > 0;)
        {
            part.AddRange(buffer.AsSpan(0, Math.Min(read, most - part.Count)));
            if (until is not null && Encoding.UTF8.GetString([.. part]).Contains(until, StringComparison.Ordinal))
            {
                break;
            }
        }

        var text = Encoding.Latin1.GetString([.. part]);
        got.AddRange(part.Take(text.LastIndexOf("\n\n", StringComparison.Ordinal) is var end and >= 0 ? end + 2 : 0));
    }

    /// <summary>Events without the signs of life between them.</summary>
    public static string WithoutPings(string events) => events.Replace(": ping\n\n", "", StringComparison.Ordinal);

    private static string? LastIdIn(List<byte> got)
    {
        var text = Encoding.Latin1.GetString([.. got]);
        var at = text.LastIndexOf("id: ", StringComparison.Ordinal);
        return at < 0 ? null : text[(at + 4)..text.IndexOf('\n', at)];
    }
}
