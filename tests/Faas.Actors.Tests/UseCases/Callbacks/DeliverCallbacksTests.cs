using System.Net;
using Faas.Actors.Callbacks;
using Faas.Actors.Egress;
using Faas.Actors.Hosts;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Recent;
using Faas.Actors.Scripts;
using Faas.Actors.Tests.Callbacks;
using Faas.Actors.Tests.Storage.Redis;
using Faas.Actors.Tests.UseCases.Kept;
using Faas.Actors.UseCases.Callbacks;
using Faas.Actors.UseCases.Kept;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Faas.Actors.Tests.UseCases.Callbacks;

/// <summary>The loop that sends callbacks, with a store in memory and a receiver on a socket.</summary>
public sealed class DeliverCallbacksTests : ICallbackRecord, IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);
    private readonly KeptRunsInMemory _runs = new();
    private readonly KeptEnds _ends = new();
    private readonly NodesOnPaper _nodes = new();
    private readonly LifetimeOnPaper _lifetime = new();
    private readonly CallbackReceiver _receiver = new(IPAddress.Loopback, "200");
    private readonly List<IDisposable> _made = [];
    private readonly List<DeliverCallbacks> _servers = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        _lifetime.StopApplication();
        foreach (var server in _servers)
        {
            await server.StopAsync(default);
        }

        _made.ForEach(one => one.Dispose());
        await _receiver.DisposeAsync();
    }

    byte[] ICallbackRecord.BytesOf(KeptRun run) => "{}"u8.ToArray();

    [Fact]
    public async Task Several_servers_send_each_callback_once()
    {
        await StartAsync();
        await StartAsync();
        for (var run = 0; run < 50; run++)
        {
            await EndedAsync($"run-{run}");
        }

        await AllAreAsync(CallbackState.Delivered);
        Assert.Equal(50, _receiver.Received.Select(got => got.Headers["webhook-id"]).Distinct().Count());
        Assert.Equal(50, _receiver.Received.Count);
    }

    [Fact]
    public async Task A_callback_is_dead_after_the_last_attempt_and_sent_again_when_a_caller_asks_for_it()
    {
        _receiver.Answer("500");
        await StartAsync(options => options with { Attempts = 3 });
        await EndedAsync("run");
        await AllAreAsync(CallbackState.Dead); // the store in memory knows no delays
        Assert.Equal((3, 3, 500), (_receiver.Received.Count, Delivery("run").Attempts, Delivery("run").Last!.Status!.Value));
        _receiver.Answer("200");
        var again = new SendCallbackAgain(_runs, _runs, _ends);
        Assert.NotNull((await again.ExecuteAsync("run", default)).Value);
        await AllAreAsync(CallbackState.Delivered);
        Assert.Equal(4, _receiver.Received.Count);
        Assert.Single(_receiver.Received.Select(got => got.Headers["webhook-id"]).Distinct());
    }

    [Fact]
    public async Task While_the_store_is_away_or_the_server_may_not_work_callbacks_wait()
    {
        _nodes.MayWork = false;
        await EndedAsync("run");
        await StartAsync();
        await Eventually.HoldsAsync(() => _nodes.Asked >= 2, s_patience, () => "It has not looked whether it may work.");
        Assert.Equal(0, _runs.CallbackTakes);
        _runs.Failure = new StoreException("It is away.");
        _nodes.MayWork = true;
        await Eventually.HoldsAsync(() => _runs.CallbackTakes >= 1, s_patience, () => "It has not asked the store.");
        Assert.Empty(_receiver.Received);
        Assert.Equal(0, Delivery("run").Attempts);
        _runs.Failure = null;
        await AllAreAsync(CallbackState.Delivered);

        // The reply to the take is lost: another attempt comes when the lease is over.
        _runs.LostReply = new StoreException("It is away.");
        await Assert.ThrowsAsync<StoreException>(() => EndedAsync("lost"));
        await Eventually.HoldsAsync(() => Delivery("lost").Attempts == 1, s_patience, () => "It was not taken.");
        _runs.LostReply = null;
        Assert.Single(_receiver.Received);
        _runs.EndLeases();
        await AllAreAsync(CallbackState.Delivered);
        Assert.Equal(2, Delivery("lost").Attempts);
    }

    [Fact]
    public async Task Without_hosts_nothing_is_taken()
    {
        await EndedAsync("run");
        await StartAsync(options => options with { Hosts = EgressRules.None });
        _lifetime.StopApplication();
        await _servers[0].StopAsync(default);
        Assert.Equal(0, Delivery("run").Attempts);
    }

    private async Task StartAsync(Func<CallbackOptions, CallbackOptions>? change = null)
    {
        var options = (change ?? (same => same))(CallbackExample.Options(_receiver.Name));
        var policy = new AddressPolicy([AddressRange.Parse("127.0.0.0/8")], OwnAddresses.Contain);
        var sender = new CallbackSender(options, new SystemResolver(), policy, new ServerPorts(), TimeProvider.System);
        var server = new DeliverCallbacks(
            options, KeptExample.Options, _runs, _runs, this, sender, _ends, _nodes, _lifetime, NullLogger<DeliverCallbacks>.Instance);
        _servers.Add(server);
        _made.AddRange([server, sender]);
        await server.StartAsync(default);
    }

    private Task EndedAsync(string id)
    {
        var call = KeptExample.Call() with { Callback = new KeptCallback($"{_receiver.Url}/done", CallbackFormat.Plain) };
        var kept = _runs.KeepAsync(id, call, default, "here", KeptExample.Ended, default);
        _ends.Written(id);
        return kept;
    }

    private CallbackDelivery Delivery(string id) => _runs.All.Single(run => run.Id == id).Callback!;

    private Task AllAreAsync(CallbackState state) => Eventually.HoldsAsync(
        () => _runs.All.All(run => run.Callback?.State == state), s_patience, () => $"{string.Join('\n', _runs.All.Select(run => run.Callback))}");
}
