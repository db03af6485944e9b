using System.Net;
using System.Net.Sockets;
using System.Text;
using Faas.Actors.Libraries;
using Faas.Actors.Libraries.Registry;
using Xunit;

namespace Faas.Actors.Tests.Libraries.Registry;

public sealed class RegistryServerTests : IAsyncLifetime
{
    private readonly PackageServer _packages = new();
    private readonly HttpClient _http = RegistryClient.NewHttpClient();
    private RegistryServer _server = null!;
    private IPEndPoint _place = null!;

    public Task InitializeAsync()
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        _place = (IPEndPoint)listener.LocalEndPoint!;
        var upstream = new Upstream(new Uri(_packages.Address, "simple/"), [], null, []);
        var files = new FileRules(upstream, TimeSpan.Zero, default);
        var rules = new LibraryRules([NamePattern.Parse("*")!], [NamePattern.Parse("evil")!]);
        var registry = new BuildRegistry(new RegistryClient(_http), rules, files, files, new BuildQuota(10, 1000), "http://build");
        _server = new RegistryServer(listener, registry);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _http.Dispose();
        _packages.Dispose();
    }

    [Fact]
    public async Task A_client_gets_a_page_a_refusal_and_nothing_by_another_method()
    {
        _packages.Serves("/simple/alpha/", "text/html", "<html></html>");
        using var client = new HttpClient { BaseAddress = new Uri($"http://{_place}") };
        using var page = await client.GetAsync("/pypi/simple/alpha/");
        Assert.Equal((HttpStatusCode.OK, SimplePage.JsonType), (page.StatusCode, page.Content.Headers.ContentType?.MediaType));
        using var refusal = await client.GetAsync("/pypi/simple/evil/");
        Assert.Equal(HttpStatusCode.Forbidden, refusal.StatusCode);
        Assert.Contains("faas.libraries.deny", await refusal.Content.ReadAsStringAsync());
        using var post = await client.PostAsync("/pypi/simple/alpha/", new StringContent("x"));
        Assert.Equal(HttpStatusCode.BadRequest, post.StatusCode);
    }

    [Theory]
    [InlineData("\r\n\r\n")]
    [InlineData("GET http://127.0.0.1/ HTTP/1.1\r\n\r\n")]
    [InlineData("CONNECT 127.0.0.1:80 HTTP/1.1\r\n\r\n")]
    [InlineData("GET / HTTP/9\r\n\r\n")]
    public async Task What_is_no_GET_of_a_path_is_refused(string request) =>
        Assert.StartsWith("HTTP/1.1 400 ", await AnswerAsync(Encoding.ASCII.GetBytes(request)));

    [Fact]
    public async Task A_head_without_an_end_is_refused() =>
        Assert.StartsWith("HTTP/1.1 400 ", await AnswerAsync(Encoding.ASCII.GetBytes($"GET /{new string('a', 20_000)}")[..(16 << 10)]));

    [Fact]
    public async Task A_client_that_says_nothing_does_not_hold_up_the_end()
    {
        using var silent = await ConnectAsync();
        await _server.DisposeAsync();
        Assert.Equal(0, await silent.ReceiveAsync(new byte[1]));
    }

    private async Task<string> AnswerAsync(byte[] request)
    {
        using var client = await ConnectAsync();
        await client.SendAsync(request);
        await using var stream = new NetworkStream(client);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }

    private async Task<Socket> ConnectAsync()
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(_place);
        return client;
    }
}
