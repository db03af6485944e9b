using System.Runtime.CompilerServices;

namespace Faas.Client;

/// <summary>
/// Has scripts run by the clock (docs/schedules.md).
/// <example>
/// <code>
/// await faas.Schedules.WriteAsync("report", new NewSchedule("jobs/report", "30 6 * * MON-FRI") { TimeZone = "Europe/Berlin" });
/// var schedule = await faas.Schedules.GetAsync("report");
/// Console.WriteLine($"next at {schedule.Next}, last run {schedule.Last?.Run}");
/// </code>
/// </example>
/// </summary>
public sealed class SchedulesClient
{
    private const string Schedules = "api/v1/schedules";
    private readonly Transport _transport;

    internal SchedulesClient(Transport transport) => _transport = transport;

    /// <summary>A page of the schedules by name, without their inputs.</summary>
    /// <param name="limit">How many a page has at most, 1 to 1000; null: 50.</param>
    /// <param name="after">The <see cref="SchedulePage.Next"/> of the page before; null: the first page.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task<SchedulePage> ListAsync(int? limit = null, string? after = null, CancellationToken cancellation = default) =>
        _transport.ReadAsync(
            HttpMethod.Get,
            Schedules + Address.Query(("limit", Address.Text(limit)), ("after", after)),
            ClientJson.Default.SchedulePage,
            cancellation);

    /// <summary>All of them, page by page.</summary>
    /// <param name="page">How many are read at a time, 1 to 1000; null: 50.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async IAsyncEnumerable<Schedule> AllAsync(int? page = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        string? after = null;
        do
        {
            var read = await ListAsync(page, after, cancellation);
            foreach (var schedule in read.Schedules)
            {
                yield return schedule;
            }

            after = read.Next;
        }
        while (after is not null);
    }

    /// <summary>One schedule, and what became of its last run. Throws <see cref="FaasException"/> (404) if there is none.</summary>
    /// <param name="name">The schedule.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task<Schedule> GetAsync(string name, CancellationToken cancellation = default) =>
        ReadAsync(HttpMethod.Get, name, null, null, cancellation);

    /// <summary>Makes a schedule, or replaces it.</summary>
    /// <param name="name">1 to 64 letters, digits or <c>-._</c>.</param>
    /// <param name="schedule">What is to be run when.</param>
    /// <param name="ifTag">Only if it is still in the state of this tag; <c>*</c>: only if it exists; null: in any case.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task<Schedule> WriteAsync(
        string name, NewSchedule schedule, string? ifTag = null, CancellationToken cancellation = default) => ReadAsync(
        HttpMethod.Put, name, ifTag, Transport.Content(schedule, ClientJson.Default.NewSchedule), cancellation);

    /// <summary>Lets a schedule fire, or not any more.</summary>
    /// <param name="name">The schedule.</param>
    /// <param name="enabled">Whether it fires.</param>
    /// <param name="cancellation">Ends the call.</param>
    public async Task<Schedule> EnableAsync(string name, bool enabled, CancellationToken cancellation = default)
    {
        var schedule = await GetAsync(name, cancellation);
        return schedule.Enabled == enabled
            ? schedule
            : await WriteAsync(name, NewSchedule.Of(schedule) with { Enabled = enabled }, schedule.Tag, cancellation);
    }

    /// <summary>Deletes a schedule. Its runs go on.</summary>
    /// <param name="name">The schedule.</param>
    /// <param name="ifTag">Only if it is still in the state of this tag; null: in any case.</param>
    /// <param name="cancellation">Ends the call.</param>
    public async Task DeleteAsync(string name, string? ifTag = null, CancellationToken cancellation = default)
    {
        using var request = Request(HttpMethod.Delete, name, ifTag);
        using var response = await _transport.SendAsync(request, cancellation);
    }

    /// <summary>Has the run of a schedule begin now, beside those of its instants.</summary>
    /// <inheritdoc cref="GetAsync"/>
    public Task<AcceptedRun> RunAsync(string name, CancellationToken cancellation = default) => _transport.ReadAsync(
        HttpMethod.Post, $"{AddressOf(name)}/run", ClientJson.Default.AcceptedRun, cancellation);

    private async Task<Schedule> ReadAsync(
        HttpMethod method, string name, string? ifTag, HttpContent? content, CancellationToken cancellation)
    {
        using var request = Request(method, name, ifTag);
        request.Content = content;
        using var response = await _transport.SendAsync(request, cancellation);
        var schedule = await Transport.ReadAsync(response, ClientJson.Default.Schedule, cancellation);
        return schedule with { Tag = response.Headers.ETag?.ToString() };
    }

    private static HttpRequestMessage Request(HttpMethod method, string name, string? ifTag)
    {
        var request = new HttpRequestMessage(method, AddressOf(name));
        if (ifTag is not null)
        {
            request.Headers.Add("If-Match", ifTag);
        }

        return request;
    }

    private static string AddressOf(string name) => $"{Schedules}/{Address.Segment(name)}";
}
