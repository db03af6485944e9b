using System.Net;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Storage.Redis;
using Faas.Http.Configuration;
using Faas.Http.Server;
using Faas.Http.Tests.Testing;
using Xunit;

namespace Faas.Http.Tests.Server;

public sealed class StartFailureTests
{
    private static readonly HttpOptions s_http = FaasUnderTest.ShippedOptions.Http;

    [Fact]
    public async Task A_port_that_is_taken_is_named()
    {
        await using var first = await FaasUnderTest.StartAsync();
        var taken = s_http with { Port = first.Address.Port };
        var failed = await Assert.ThrowsAnyAsync<Exception>(() => FaasUnderTest.StartAsync(_ => taken));
        Assert.Equal(
            $"faas.http.port = {taken.Port}: another program listens on 127.0.0.1:{taken.Port}; stop it, or set HTTP_PORT to another port, or to 0 for a free one.",
            StartFailure.Of(failed, taken)?.Line);
    }

    [Fact]
    public async Task An_address_of_another_machine_is_named()
    {
        // TEST-NET-1 of RFC 5737: nobody's.
        var elsewhere = s_http with { Address = IPAddress.Parse("192.0.2.1"), Port = 0 };
        var failed = await Assert.ThrowsAnyAsync<Exception>(() => FaasUnderTest.StartAsync(_ => elsewhere));
        Assert.Equal(
            "faas.http.host = 192.0.2.1: not an address of this machine; set HTTP_HOST to one that is.",
            StartFailure.Of(failed, elsewhere)?.Line);
    }

    [Fact]
    public void What_a_part_says_is_passed_on_however_it_is_wrapped()
    {
        Assert.Equal(
            "no bwrap", StartFailure.Of(new InvalidOperationException("x", new SandboxStartException("no bwrap")), s_http)?.Line);
        Assert.Equal(
            "no redis", StartFailure.Of(new AggregateException(new IOException("x"), new StoreStartException("no\nredis")), s_http)?.Line);
    }

    [Fact]
    public async Task A_store_or_a_port_may_come_late_and_walls_do_not()
    {
        await using var first = await FaasUnderTest.StartAsync();
        var taken = await Assert.ThrowsAnyAsync<Exception>(() => FaasUnderTest.StartAsync(_ => s_http with { Port = first.Address.Port }));

        Assert.True(StartFailure.Of(taken, s_http)?.MayPass);
        Assert.True(StartFailure.Of(new StoreStartException("no redis"), s_http)?.MayPass);
        Assert.False(StartFailure.Of(new SandboxStartException("no bwrap"), s_http)?.MayPass);
    }

    [Fact]
    public void A_defect_is_not_explained_away() => Assert.Null(StartFailure.Of(new InvalidOperationException("x"), s_http));
}
