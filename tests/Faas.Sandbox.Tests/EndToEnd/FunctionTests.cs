using System.Net;
using System.Text;

namespace Faas.Sandbox.Tests.EndToEnd;

/// <summary>HTTP functions in real sandboxes.</summary>
[Collection(nameof(SharedServer))]
public sealed class FunctionTests(SharedServer shared)
{
    private const string Python = """
        http = event["http"]
        return {"status": 201, "headers": {"X-Path": http["path"]}, "body": {"method": http["method"], "body": http["body"]}}
        """;

    private const string JavaScript = """
        const { http } = event
        return { status: 201, headers: { 'X-Path': http.path }, body: { method: http.method, body: http.body } }
        """;

    [Theory]
    [InlineData("python", Python)]
    [InlineData("javascript", JavaScript)]
    [InlineData("typescript", JavaScript)]
    public async Task A_script_answers_a_request(string language, string code)
    {
        await shared.Server.UploadAsync($"fn/{language}", language, code);

        using var response = await shared.Server.Client.PostAsync(
            new Uri($"/http/fn/{language}/a/b?c=d", UriKind.Relative), new StringContent("é", Encoding.UTF8));

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal("/a/b", response.Headers.GetValues("X-Path").Single());
        Assert.Equal("""{"method":"POST","body":"é"}""", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Returned_bytes_are_the_body()
    {
        await shared.Server.UploadAsync("fn/bytes", "javascript", "return new Blob(['hi'], { type: 'image/x-test' })");
        using var response = await shared.Server.Client.GetAsync(new Uri("/http/fn/bytes", UriKind.Relative));
        Assert.Equal(
            ("image/x-test", "hi"), (response.Content.Headers.ContentType?.ToString(), await response.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task A_handler_of_another_platform_answers_too()
    {
        await shared.Server.UploadAsync("fn/handler", "python", "def handler(event, context):\n    return event['http']['query']['a']");
        using var response = await shared.Server.Client.GetAsync(new Uri("/http/fn/handler?a=1", UriKind.Relative));
        Assert.Equal("1", await response.Content.ReadAsStringAsync());
    }
}
