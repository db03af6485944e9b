namespace Faas.Sandbox.Tests.EndToEnd;

/// <summary>Functions made for other platforms, and hints, through HTTP and real sandboxes.</summary>
[Collection(nameof(SharedServer))]
public sealed class HandlerTests(SharedServer shared)
{
    private FaasServer Server => shared.Server;

    [Theory]
    [InlineData("javascript", "exports.handler = async (event, context) => ({ n: event.n, left: context.getRemainingTimeInMillis() > 0 });")]
    [InlineData("javascript", "module.exports = (event, context, done) => done(null, { n: event.n, left: context.memoryLimitInMB === '128' });")]
    [InlineData("javascript", "export default function (event) { return { n: event.n, left: true }; }")]
    [InlineData("typescript", "export const handler = async (event: { n: number }) => ({ n: event.n, left: true });")]
    [InlineData("typescript", "export default async (event: { n: number }): Promise<object> => ({ n: event.n, left: true });\nexport {};")]
    [InlineData(
        "python",
        "def lambda_handler(event, context):\n    return {'n': event['n'], 'left': context.get_remaining_time_in_millis() > 0}")]
    [InlineData("python", "async def handler(event, context):\n    return {'n': event['n'], 'left': context.memory_limit_in_mb == '128'}")]
    [InlineData("python", "def main(args):\n    return {'n': args['n'], 'left': True}")]
    public async Task A_handler_answers(string language, string code)
    {
        Assert.Equal("""{"n":1,"left":true}""", (await Server.RunNowAsync(language, code, new { n = 1 })).Data);

        await Server.UploadAsync("handlers/one", language, code);
        Assert.Equal("""{"n":2,"left":true}""", (await Server.RunAsync("handlers/one", new { n = 2 })).Data);
    }

    [Fact]
    public async Task The_handler_of_an_upload_is_called_though_the_body_prints_and_each_version_has_its_own()
    {
        foreach (var (language, code) in new[]
        {
            ("javascript", "console.log('loading'); function one() { return 1; } function two() { return 2; }"),
            ("python", "print('loading')\ndef one(): return 1\ndef two(): return 2"),
        })
        {
            foreach (var (handler, data) in new[] { ("one", "1"), ("two", "2") })
            {
                await Server.ReplyAsync("/upload", new { path = "handlers/named", language, code, handler });
                Assert.Equal(data, (await Server.RunAsync("handlers/named", new { })).Data);
            }
        }
    }

    [Theory]
    [InlineData("javascript", "const unused = 1;", "has no handler")]
    [InlineData("javascript", "console.log('loading'); exports.handler = () => 1;", "handler, which was not called because")]
    [InlineData("python", "unused = 1", "has no handler")]
    [InlineData("python", "print('loading')\ndef handler(event, context): return 1", "handler, which was not called because")]
    public async Task A_hint_says_what_an_author_may_wonder_at(string language, string code, string hint)
    {
        var reply = await Server.ReplyAsync("/run-now", new { language, code });
        Assert.Contains(hint, reply.Body.GetProperty("hint").GetString(), StringComparison.Ordinal);
    }
}
