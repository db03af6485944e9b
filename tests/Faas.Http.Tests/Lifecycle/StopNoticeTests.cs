using System.Net;
using Faas.Http.Lifecycle;
using Faas.Http.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace Faas.Http.Tests.Lifecycle;

public sealed class StopNoticeTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task Until_the_delay_is_over_the_server_is_not_ready_and_serves_calls_that_close_their_connection()
    {
        await using var faas = await FaasUnderTest.StartAsync(http => http with { DrainDelay = TimeSpan.FromMinutes(10) });
        using var signal = new CancellationTokenSource();
        var notice = NoticeOf(faas).WaitAsync(signal.Token);
        await signal.CancelAsync();

        using (var ready = await faas.Client.GetAsync("/readyz"))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
            Assert.Contains("\"accepting\":\"The server is stopping.\"", await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        using (var call = await faas.PostAsync("/run/math/add", "{}"))
        {
            Assert.Equal(HttpStatusCode.OK, call.StatusCode);
            Assert.True(call.Headers.ConnectionClose);
        }

        Assert.False(notice.IsCompleted);
        Lifetime(faas).StopApplication(); // the store's lease is lost, for example
        await notice.WaitAsync(s_patience);
    }

    [Fact]
    public async Task After_the_delay_a_connection_without_a_call_is_closed_and_a_new_one_is_answered()
    {
        await using var faas = await FaasUnderTest.StartAsync(http => http with { DrainDelay = TimeSpan.FromMilliseconds(1) });
        using var idle = await RawClient.ConnectAsync(faas.Address);
        await idle.SendAsync("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
        await idle.ReadUntilAsync("}");

        await NoticeOf(faas).WaitAsync(new CancellationToken(canceled: true)).WaitAsync(s_patience);

        await idle.WaitForEndAsync();
        using var later = await RawClient.ConnectAsync(faas.Address);
        await later.SendAsync("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Assert.Contains("\"alive\"", await later.ReadUntilAsync("}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_delay_it_changes_nothing_before_the_stop()
    {
        await using var faas = await FaasUnderTest.StartAsync();

        await NoticeOf(faas).WaitAsync(new CancellationToken(canceled: true)).WaitAsync(s_patience);

        Assert.False(faas.Services.GetRequiredService<RequestGate>().IsLeaving);
    }

    [Fact]
    public async Task A_server_that_has_to_end_gives_no_notice()
    {
        await using var faas = await FaasUnderTest.StartAsync(http => http with { DrainDelay = TimeSpan.FromMinutes(10) });
        var notice = NoticeOf(faas).WaitAsync(CancellationToken.None);

        Lifetime(faas).StopApplication();

        await notice.WaitAsync(s_patience);
        Assert.False(faas.Services.GetRequiredService<RequestGate>().IsLeaving);
    }

    private static StopNotice NoticeOf(FaasUnderTest faas) => faas.Services.GetRequiredService<StopNotice>();

    private static IHostApplicationLifetime Lifetime(FaasUnderTest faas) => faas.Services.GetRequiredService<IHostApplicationLifetime>();
}
