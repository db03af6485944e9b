using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Faas.Sandbox.Tests.EndToEnd;

/// <summary>What a result may be besides a returned value, through HTTP and real sandboxes.</summary>
[Collection(nameof(SharedServer))]
public sealed class ResultTests(SharedServer shared)
{
    private FaasServer Server => shared.Server;

    [Theory]
    [InlineData("javascript", "console.log(JSON.stringify({ city: 'Oslo', lows: [-3, 2] }, null, 2))")]
    [InlineData("python", "import json\nprint(json.dumps({'city': 'Oslo', 'lows': [-3, 2]}, indent=2))")]
    public async Task A_document_that_is_printed_over_several_lines_is_the_value(string language, string code)
    {
        var reply = await Server.RunNowAsync(language, code);

        Assert.Equal("""{"city":"Oslo","lows":[-3,2]}""", JsonSerializer.Serialize(reply.Body.GetProperty("data")));
        Assert.Equal("json", reply.Type);
    }

    [Theory]
    [InlineData("javascript", "return Buffer.from([0, 1, 98])")]
    [InlineData("python", "return b'\\x00\\x01b'")]
    public async Task Bytes_come_as_base64_and_as_they_are(string language, string code)
    {
        await Server.UploadAsync("results/bytes", language, code);
        var reply = await Server.RunAsync("results/bytes");
        Assert.Equal(("""{"base64":"AAFi","mediaType":"application/octet-stream"}""", "bytes"), (reply.Data, reply.Type));

        using var request = new HttpRequestMessage(HttpMethod.Post, "/run/results/bytes") { Content = JsonContent.Create(new { }) };
        request.Headers.Add("Accept", "application/octet-stream");
        using var raw = await Server.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, raw.StatusCode);
        Assert.Equal("application/octet-stream", raw.Content.Headers.ContentType?.MediaType);
        Assert.Equal([0, 1, 98], await raw.Content.ReadAsByteArrayAsync());

        using var stream = await Server.PostAsync("/run/results/bytes", new { stream = true });
        Assert.Contains(
            """{"event":"result","data":{"base64":"AAFi","mediaType":"application/octet-stream"},"type":"bytes",""",
            await stream.Content.ReadAsStringAsync(),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("javascript", "console.log('out'); console.error('err'); console.log('out'); return 1")]
    [InlineData("python", "import sys\nprint('out')\nprint('err', file=sys.stderr)\nprint('out')\nreturn 1")]
    public async Task What_a_successful_run_printed_comes_beside_its_data_in_its_order(string language, string code)
    {
        var reply = await Server.ReplyAsync("/run-now", new { language, code, logs = true });

        Assert.Equal(("1", "out\nerr\nout\n"), (reply.Data, reply.Body.GetProperty("logs").GetString()));
    }

    [Theory]
    [InlineData("javascript", "return [NaN, Infinity, -Infinity, 1.5]")]
    [InlineData("python", "return [float('nan'), float('inf'), -float('inf'), 1.5]")]
    public async Task Numbers_that_json_does_not_know_are_null(string language, string code) =>
        Assert.Equal("[null,null,null,1.5]", (await Server.RunNowAsync(language, code)).Data);
}
