using System.Collections.Concurrent;

namespace Faas.Sandbox.Tests.Faults.Storm;

/// <summary>Clients that call as fast as they are answered, whatever happens, and hold each answer against the faults there were.</summary>
internal sealed class StormLoad
{
    /// <summary>The longest that a call may take once it runs.</summary>
    public const int TimeoutSeconds = 15;

    private const int Callers = 6;

    // A sandbox that was hit while it was idle is found by the next call for it; a stopped one by that call's timeout.
    private static readonly TimeSpan s_after = TimeSpan.FromSeconds(2 * TimeoutSeconds);
    private static readonly TimeSpan s_ever = TimeSpan.FromMinutes(3);
    private readonly Place _place;
    private readonly ConcurrentDictionary<string, DateTime> _allowedUntil = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _all;
    private int _answers;
    private int _broken;
    private int _crowds;

    /// <summary>Begins.</summary>
    public StormLoad(Place place)
    {
        _place = place;
        _all = Task.WhenAll(Enumerable.Range(0, Callers).Select(CallAsync));
    }

    /// <summary>What is called.</summary>
    public MixedCalls Mix { get; } = new();

    /// <summary>Calls that were answered.</summary>
    public int Answers => Volatile.Read(ref _answers);

    /// <summary>Calls whose connection broke off.</summary>
    public int Broken => Volatile.Read(ref _broken);

    /// <summary>Whether something is wrong already.</summary>
    public bool Failed => !Wrong.IsEmpty || _all.IsFaulted;

    /// <summary>Answers by their reason.</summary>
    public ConcurrentDictionary<string, int> Outcomes { get; } = [];

    /// <summary>Answers that must not be.</summary>
    public ConcurrentQueue<string> Wrong { get; } = [];

    /// <summary>Many calls besides, all at once, of one kind.</summary>
    public Task CrowdAsync(int calls, string kind)
    {
        var crowd = _crowds++;
        return Task.WhenAll(Enumerable.Range(0, calls).Select(call => CallAsync($"{kind}-{crowd}-{call}", (server, echo) => Mix.CallAsync(server, kind, echo))));
    }

    /// <summary>From now on calls may end so.</summary>
    public void Begin(string[] reasons) => Allow(reasons, DateTime.MaxValue);

    /// <summary>Soon they may not any more.</summary>
    public void End(string[] reasons) => Allow(reasons, DateTime.UtcNow + Patience.Of(s_after));

    /// <summary>Lets those that run end.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _all;
    }

    private void Allow(string[] reasons, DateTime until)
    {
        foreach (var reason in reasons)
        {
            _allowedUntil[reason] = until;
        }
    }

    private async Task CallAsync(int caller)
    {
        var draw = new Random(FaultRun.Seed + 1 + caller);
        for (var number = 0; !_stop.IsCancellationRequested && Wrong.IsEmpty; number++)
        {
            await CallAsync($"{caller}-{number}", (server, echo) => Mix.CallAsync(server, draw, echo));
        }
    }

    private async Task CallAsync(string echo, Func<FaasServer, string, Task<Answer>> call)
    {
        var server = _place.Server;
        try
        {
            var begun = DateTime.UtcNow;
            var answer = await call(server, echo).WaitAsync(Patience.Of(s_ever));
            Interlocked.Increment(ref _answers);
            Outcomes.AddOrUpdate(answer.Reason, 1, (_, count) => count + 1);
            if (answer.Reason != "ok" && !(_allowedUntil.TryGetValue(answer.Reason, out var until) && begun <= until))
            {
                Wrong.Enqueue($"{answer.Kind} ended as {answer.Reason}: {answer.Text}");
            }
        }
        catch (TimeoutException)
        {
            Wrong.Enqueue($"call {echo} was never answered");
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException or ObjectDisposedException)
        {
            Interlocked.Increment(ref _broken);
            await UntilAnotherAsync(server);
        }
    }

    // A connection breaks off only with its server: until the next one is there, there is nobody to call.
    private async Task UntilAnotherAsync(FaasServer gone) => await Eventually.HoldsAsync(
        () => _place.Server != gone || _stop.IsCancellationRequested,
        TimeSpan.FromMinutes(1),
        () => $"a connection broke off, and the server was not killed\n{gone.Log}");
}
