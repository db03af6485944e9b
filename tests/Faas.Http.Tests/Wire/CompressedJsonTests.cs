using System.IO.Compression;
using System.Net;
using System.Text.Json;
using Faas.Actors.Pool;
using Faas.Actors.Pool.Scheduler;
using Faas.Actors.Runs;
using Faas.Http.Tests.Testing;
using Faas.Http.Wire;
using Xunit;

namespace Faas.Http.Tests.Wire;

/// <summary>Large answers to reads are compressed for clients that take it.</summary>
public sealed class CompressedJsonTests
{
    private const string Pool = "/api/v1/pool";

    [Theory]
    [InlineData("gzip, deflate, br, zstd", "br")]
    [InlineData("gzip", "gzip")]
    [InlineData("br;q=0, gzip", "gzip")]
    [InlineData("identity", null)]
    [InlineData(null, null)]
    public async Task A_large_answer_is_coded_as_the_client_takes_it(string? accepted, string? coding)
    {
        await using var faas = await FaasUnderTest.StartAsync();
        ShowRuns(faas, 100);

        using var response = await GetAsync(faas, HttpMethod.Get, accepted);

        Assert.Equal(coding, response.Content.Headers.ContentEncoding.SingleOrDefault());
        Assert.Contains("Accept-Encoding", response.Headers.Vary);
        var body = await response.Content.ReadAsByteArrayAsync();
        Assert.Equal(response.Content.Headers.ContentLength, body.Length);
        var pool = JsonDocument.Parse(Decoded(body, coding)).RootElement;
        Assert.Equal(100, pool.GetProperty("runs").GetArrayLength());
        Assert.True(coding is null || body.Length < CompressedJson.Least);
        using var head = await GetAsync(faas, HttpMethod.Head, accepted);
        Assert.Equal(body.Length, head.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task A_small_answer_and_what_a_script_answers_are_sent_as_they_are()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        ShowRuns(faas, 1);
        using var small = await GetAsync(faas, HttpMethod.Get, "br");
        Assert.Empty(small.Content.Headers.ContentEncoding);

        var text = JsonSerializer.SerializeToUtf8Bytes(new string('a', 100_000));
        faas.EndWith(new Outcome(Reason.Ok) { Data = new ResultData(text, DataType.String) });
        faas.Client.DefaultRequestHeaders.Add("Accept-Encoding", "br");
        using var run = await faas.PostAsync("/run/math/add", "{}");
        Assert.Equal(HttpStatusCode.OK, run.StatusCode);
        Assert.Empty(run.Content.Headers.ContentEncoding);
        Assert.True(run.Content.Headers.ContentLength > 100_000);
    }

    private static void ShowRuns(FaasUnderTest faas, int count)
    {
        var runs = Enumerable.Range(1, count)
            .Select(n => new RunView($"call~{n}", "math/add", 7, RunMode.Execute, TimeSpan.FromSeconds(n), null));
        var view = new PoolView(TimeSpan.FromSeconds(9), new PoolStatus(0, 1, 0, 0, count, null), [], [.. runs]);
        faas.Pool.Answer = message => message is GetPoolView ? view : FaasUnderTest.AnswerOfPool(message);
    }

    private static async Task<HttpResponseMessage> GetAsync(FaasUnderTest faas, HttpMethod method, string? accepted)
    {
        using var request = new HttpRequestMessage(method, Pool);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted is null ? [] : [accepted]);
        return await faas.Client.SendAsync(request);
    }

    private static byte[] Decoded(byte[] body, string? coding)
    {
        using Stream decoder = coding switch
        {
            "br" => new BrotliStream(new MemoryStream(body), CompressionMode.Decompress),
            "gzip" => new GZipStream(new MemoryStream(body), CompressionMode.Decompress),
            _ => new MemoryStream(body),
        };
        using var text = new MemoryStream();
        decoder.CopyTo(text);
        return text.ToArray();
    }
}
