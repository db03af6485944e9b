using System.Net;
using System.Text;
using Faas.Actors.Callbacks;
using Faas.Actors.Egress;
using Faas.Actors.Hosts;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Recent;
using Xunit;

namespace Faas.Actors.Tests.Callbacks;

/// <summary>One attempt, to a receiver on a socket.</summary>
public sealed class CallbackSenderTests : IHostResolver
{
    private static readonly CallbackMessage s_message = new("c~k1", "application/json; charset=utf-8", """{"a":"ü"}"""u8.ToArray());
    private readonly List<string> _asked = [];
    private readonly ServerPorts _own = new();
    private string _address = "127.0.0.1";

    Task<IReadOnlyList<IPAddress>> IHostResolver.ResolveAsync(string name, CancellationToken cancellation)
    {
        _asked.Add(name);
        return Task.FromResult<IReadOnlyList<IPAddress>>([IPAddress.Parse(_address)]);
    }

    [Fact]
    public async Task A_callback_is_a_signed_request_to_the_address_that_was_judged()
    {
        await using var receiver = new CallbackReceiver(IPAddress.Loopback, "204");
        var note = await SendAsync(Named(receiver, "/done?token=1"));
        Assert.Equal((CallbackState.Delivered, new CallbackAnswer(204, null)), (note.State, note.Answer));
        Assert.Equal(["hooks.test"], _asked);
        var got = Assert.Single(receiver.Received);
        Assert.Equal(("POST /done?token=1 HTTP/1.1", """{"a":"ü"}"""), (got.Line, got.Body));
        Assert.Equal(
            ("c~k1", "application/json; charset=utf-8", Named(receiver, "")[7..], "faas"),
            (got.Headers["webhook-id"], got.Headers["Content-Type"], got.Headers["Host"], got.Headers["User-Agent"]));
        var time = DateTimeOffset.FromUnixTimeSeconds(long.Parse(got.Headers["webhook-timestamp"], null));
        Assert.Equal(
            CallbackSignature.Of([CallbackSecret.Parse(CallbackExample.Secret)!], "c~k1", time, Encoding.UTF8.GetBytes(got.Body)),
            got.Headers["webhook-signature"]);
        Assert.False(got.Headers.ContainsKey("traceparent"));
    }

    [Fact]
    public async Task A_redirect_is_not_followed_and_a_receiver_that_is_gone_is_not_asked_again()
    {
        await using var other = new CallbackReceiver(IPAddress.Loopback, "200");
        await using var receiver = new CallbackReceiver(IPAddress.Loopback, $"307\r\nLocation: {other.Url}", "410", "500");
        Assert.Equal((CallbackState.Pending, 307), Shown(await SendAsync(Named(receiver))));
        Assert.Equal((CallbackState.Dead, 410), Shown(await SendAsync(Named(receiver))));
        Assert.Equal((CallbackState.Pending, 500), Shown(await SendAsync(Named(receiver))));
        Assert.Equal((CallbackState.Dead, 500), Shown(await SendAsync(Named(receiver), attempt: 10)));
        Assert.Equal((4, 0), (receiver.Received.Count, other.Received.Count));
    }

    [Fact]
    public async Task An_answer_of_a_server_in_front_of_the_receiver_is_tried_again_at_once_unless_it_says_when()
    {
        await using var receiver = new CallbackReceiver(IPAddress.Loopback, "503", "502", "200");
        Assert.Equal((CallbackState.Delivered, 200), Shown(await SendAsync(Named(receiver))));
        Assert.Equal(3, receiver.Received.Count);
        Assert.Single(receiver.Received.Select(got => got.Body).Distinct());

        receiver.Answer("503\r\nRetry-After: 600");
        var note = await SendAsync(Named(receiver));
        Assert.Equal((CallbackState.Pending, 503, TimeSpan.FromMinutes(10)), (note.State, note.Answer.Status, note.Delay));
        Assert.Equal(4, receiver.Received.Count);
        receiver.Answer("504");
        Assert.Equal((CallbackState.Pending, 504), Shown(await SendAsync(Named(receiver))));
        Assert.Equal(7, receiver.Received.Count);
    }

    [Fact]
    public async Task An_address_that_is_not_opened_the_server_itself_and_a_host_that_is_not_permitted_any_more_get_nothing()
    {
        await using var receiver = new CallbackReceiver(IPAddress.Loopback, "200");
        var url = Named(receiver);
        _address = "169.254.169.254";
        await AssertFailsAsync(url, "faas.network.addresses does not open it");
        _address = "127.0.0.1";
        _own.Set([new Uri(url).Port]);
        await AssertFailsAsync(url, "leads to this server itself");
        await AssertFailsAsync("https://elsewhere.test/", "faas.callbacks.hosts does not permit");
        Assert.Empty(receiver.Received);
    }

    [Fact]
    public async Task A_receiver_that_does_not_answer_or_is_not_there_fails_the_attempt()
    {
        await using var receiver = new CallbackReceiver(IPAddress.Loopback, "0");
        var options = Options(Named(receiver)) with { Timeout = TimeSpan.FromMilliseconds(300) };
        var note = await SendAsync(Named(receiver), options: options);
        Assert.Equal((CallbackState.Pending, "There was no answer within 0.3 s (faas.callbacks.timeout)."), (note.State, note.Answer.Error));
        var url = Named(receiver);
        await receiver.DisposeAsync();
        await AssertFailsAsync(url, "accepted no connection");
    }

    private static string Named(CallbackReceiver receiver, string path = "/") =>
        $"http://hooks.test:{receiver.Name.Split(':')[1]}{path}";

    private static (CallbackState State, int? Status) Shown(CallbackNote note) => (note.State, note.Answer.Status);

    private static CallbackOptions Options(string url) => CallbackExample.Options($"hooks.test:{new Uri(url).Port}");

    private async Task AssertFailsAsync(string url, string why)
    {
        var note = await SendAsync(url);
        Assert.Equal((CallbackState.Pending, null), Shown(note));
        Assert.Contains(why, note.Answer.Error, StringComparison.Ordinal);
    }

    private async Task<CallbackNote> SendAsync(string url, int attempt = 1, CallbackOptions? options = null)
    {
        var policy = new AddressPolicy([AddressRange.Parse("127.0.0.0/8")], OwnAddresses.Contain);
        using var sender = new CallbackSender(options ?? Options(url), this, policy, _own, TimeProvider.System);
        return await sender.SendAsync(url, s_message, attempt, default);
    }
}
