using Faas.Http.Tests.Testing;
using Xunit;

namespace Faas.Http.Tests.Access;

public sealed class SecurityHeadersTests
{
    private static readonly string[] s_requests =
    [
        "GET /healthz", "GET /readyz", "HEAD /healthz", "GET /nowhere", "GET /upload", "OPTIONS /run-now", "POST /run/math/add", "POST /run/no/such", "POST /upload",
    ];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_answer_carries_them_whatever_it_says(bool keys)
    {
        await using var faas = await FaasUnderTest.StartAsync(http => keys ? http.WithKeys() : http);
        foreach (var request in s_requests)
        {
            using var response = await faas.Client.SendAsync(
                new HttpRequestMessage(new HttpMethod(request.Split(' ')[0]), request.Split(' ')[1]));
            AssertHeaders(response);
        }
    }

    [Fact]
    public async Task A_stream_carries_them_too()
    {
        var output = new ScriptedOutput();
        await using var faas = await FaasUnderTest.StartAsync();
        faas.OnSubmit(output.For);
        var answer = faas.PostAsync("/run/math/add", """{"stream": true}""");
        output.End(FaasUnderTest.FortyTwo);
        using var response = await answer;
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        AssertHeaders(response);
    }

    private static void AssertHeaders(HttpResponseMessage response)
    {
        Assert.Equal("nosniff", response.Header("X-Content-Type-Options"));
        Assert.Equal("default-src 'none'; frame-ancestors 'none'", response.Header("Content-Security-Policy"));
        Assert.Equal("no-referrer", response.Header("Referrer-Policy"));
        Assert.Equal("same-origin", response.Header("Cross-Origin-Resource-Policy"));
        Assert.Equal("no-store", response.Header("Cache-Control"));
        Assert.False(response.Headers.Contains("Server"));
        Assert.DoesNotContain(response.Headers, header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
    }
}
