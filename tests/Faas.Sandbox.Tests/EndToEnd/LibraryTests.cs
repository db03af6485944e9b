using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Faas.Sandbox.Tests.EndToEnd;

/// <summary>Images with libraries, from the settings of the server to the answers of scripts (docs/libraries.md).</summary>
public sealed class LibraryTests
{
    // Debian's, where it is installed (tests/install.sh).
    private const string Debian = "/usr/lib/python3/dist-packages";

    private static readonly (string Path, string Text)[] s_packages =
    [
        ("loaded.py", "import os\ntoken = os.urandom(8).hex()\npid = os.getpid()\n"),
        ("later.py", ""),
        ("matplotlib/__init__.py", ""),
        ("matplotlib/figure.py",
            "class Figure:\n    def savefig(self, target, *, format): target.write(b'a picture as ' + format.encode())\n"),
    ];

    [Theory]
    [InlineData("fork", true)]
    [InlineData("exec", false)]
    public async Task Scripts_of_an_image_share_libraries_that_were_loaded_before_them(string launch, bool loadsOnce)
    {
        var packages = Packages(s_packages);
        var image = $"packages = [\"{packages}\", \"{Debian}\"], preload = [loaded, numpy], spares = 2";
        await using var server = await FaasServer.StartAsync(
            $"faas.sandbox {{ launch = {launch}, memory = 256M }}\nfaas.images.data {{ runtime = python, {image} }}");
        const string code = "import sys\nahead = [name in sys.modules for name in ('loaded', 'numpy', 'later')]\n"
            + "import loaded, later, numpy\nreturn [ahead, loaded.token, numpy.random.randint(0, 1 << 62, 2).tolist()]";
        var replies = new List<JsonElement>();
        var cold = 0; // a call that comes before the processes of the last one are reaped may get another sandbox
        foreach (var path in (string[])["one", "two"])
        {
            using var upload = await server.PostAsync(
                "/upload", new { path, language = "python", code = $"{code} # {path}", image = "data" });
            Assert.True(upload.IsSuccessStatusCode, await upload.Content.ReadAsStringAsync());
            for (var (call, isWarm) = (0, false); call < 2 || !isWarm; call++)
            {
                using var reply = await server.PostAsync($"/run/{path}", new { });
                replies.Add(JsonElement.Parse((await reply.ReadAsync()).GetProperty("data").GetRawText()));
                isWarm = reply.Headers.GetValues("X-Start").Single() == "warm";
                cold += isWarm ? 0 : 1;
            }
        }

        Assert.All(replies, data => Assert.Equal("[true,true,false]", data[0].GetRawText()));
        var loads = replies.Select(data => data[1].GetString()).Distinct().Count();
        Assert.InRange(loads, loadsOnce ? 1 : 2, loadsOnce ? 1 : 2 + cold);
        Assert.Equal(
            2 * replies.Count, replies.SelectMany(data => data[2].EnumerateArray()).Select(number => number.GetInt64()).Distinct().Count());

        const string walls = "import errno, os, socket\ndef refusal(path):\n    try: open(path, 'w')\n"
            + "    except OSError as error: return errno.errorcode[error.errno]\n"
            + "return [refusal('/packages/1/loaded.py'), refusal('/packages/1/new.py'), os.listdir('/dev/shm'), "
            + "[name for _, name in socket.if_nameindex()]]";
        var alone = await server.ReplyAsync("/run-now", new { language = "python", code = walls, image = "data" });
        Assert.Equal("""["EROFS","EROFS",[],["lo"]]""", alone.Data);
        var without = await server.RunNowAsync("python", "import loaded");
        Assert.Equal("ModuleNotFoundError", without.Body.GetProperty("name").GetString());

        using var pool = await server.Client.GetAsync(new Uri("/api/v1/pool", UriKind.Relative));
        Assert.Contains("\"image\":\"data\"", await pool.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await server.EndAsync();
    }

    [Fact]
    public async Task A_figure_is_answered_as_a_picture_and_a_version_whose_image_is_gone_says_so()
    {
        var packages = Packages(s_packages);
        await using var redis = await RedisServer.StartAsync();
        await using (var server = await FaasServer.StartAsync(
            $"faas.images.draw {{ runtime = python, packages = [\"{packages}\"], spares = 0 }}", null, redis.Environment))
        {
            const string code = "from matplotlib.figure import Figure\nreturn Figure()";
            using var upload = await server.PostAsync("/upload", new { path = "draw", language = "python", code, image = "draw" });
            Assert.True(upload.IsSuccessStatusCode, await upload.Content.ReadAsStringAsync());
            using var request = new HttpRequestMessage(HttpMethod.Post, "/run/draw");
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("image/png"));
            using var picture = await server.Client.SendAsync(request);
            Assert.Equal("image/png", picture.Content.Headers.ContentType?.MediaType);
            Assert.Equal("a picture as png", await picture.Content.ReadAsStringAsync());

            foreach (var (language, image, detail) in (IEnumerable<(string, string, string)>)
            [
                ("python", "drew", "\"image\" is \"drew\"; the images of python are: draw (faas.images)."),
                ("javascript", "draw", "\"image\" is \"draw\"; there is no image of node (faas.images)."),
            ])
            {
                var refused = await server.ReplyAsync("/upload", new { path = "other", language, code = "1", image });
                Assert.Equal((HttpStatusCode.BadRequest, detail), (refused.Status, refused.Body.GetProperty("detail").GetString()));
            }

            await server.EndAsync();
        }

        await using var later = await FaasServer.StartAsync("", null, redis.Environment);
        var gone = await later.RunAsync("draw");
        Assert.Equal((HttpStatusCode.Conflict, "image"), (gone.Status, gone.Reason));
        Assert.EndsWith(
            " of the script \"draw\" cannot run: \"image\" is \"draw\"; there is no image of python (faas.images).",
            gone.Body.GetProperty("detail").GetString(),
            StringComparison.Ordinal);
        await later.EndAsync();
    }

    [Fact]
    public async Task Scripts_of_node_find_packages_by_import_and_by_require_and_typescript_does_too()
    {
        var packages = Packages(
        [
            ("node_modules/one/package.json", """{"name": "one", "version": "1.0.0", "main": "main.js"}"""),
            ("node_modules/one/main.js", "exports.token = require('node:crypto').randomUUID(); exports.sum = (a, b) => a + b;"),
        ]);
        await using var server = await FaasServer.StartAsync(
            $"faas.images.web {{ runtime = node, packages = [\"{packages}\"], preload = [one] }}");
        var tokens = new HashSet<string?>();
        foreach (var (language, code) in (IEnumerable<(string, string)>)
        [
            ("javascript", "import { sum, token } from 'one'; return [sum(1, 2), token];"),
            ("javascript", "const { sum, token } = require('one'); return [sum(1, 2), token];"),
            ("typescript", "import one from 'one'; const three: number = one.sum(1, 2); return [three, one.token];"),
        ])
        {
            var reply = await server.ReplyAsync("/run-now", new { language, code, image = "web" });
            Assert.True(reply.Status == HttpStatusCode.OK, $"{reply}\n{server.Log}");
            Assert.Equal(3, reply.Body.GetProperty("data")[0].GetInt32());
            tokens.Add(reply.Body.GetProperty("data")[1].GetString());
        }

        Assert.True(tokens.Count == 1 || server.Log.Contains("by exec", StringComparison.Ordinal), "it was loaded more than once");
        await server.EndAsync();
    }

    [Theory]
    [InlineData("fork")]
    [InlineData("exec")]
    public async Task An_image_that_cannot_load_its_libraries_stops_the_start_with_one_line(string launch)
    {
        var packages = Packages([("broken.py", "raise RuntimeError('no such data')\n")]);
        var image = $"faas.images.bad {{ runtime = python, packages = [\"{packages}\"], preload = [broken] }}";

        var (exitCode, log) = await FaasServer.StartAndFailAsync($"{image}\nfaas.sandbox.launch = {launch}");

        Assert.Equal(69, exitCode);
        var line = log.Split('\n').Single(text => text.StartsWith("faas: ", StringComparison.Ordinal));
        Assert.StartsWith("faas: image bad: ", line, StringComparison.Ordinal);
        Assert.Contains("the module broken cannot be preloaded: RuntimeError: no such data", line, StringComparison.Ordinal);
    }

    private static string Packages((string Path, string Text)[] files)
    {
        var folder = TestFolder.Create("faas-packages-");
        foreach (var (path, text) in files)
        {
            var file = Path.Combine(folder, path);
            Open(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
            File.SetUnixFileMode(file, File.GetUnixFileMode(file) | UnixFileMode.OtherRead | UnixFileMode.OtherWrite);
        }

        Open(folder);
        return folder;
    }

    // Every user may write there, so that nothing but the walls keeps a script from it.
    private static void Open(string folder)
    {
        Directory.CreateDirectory(folder);
        File.SetUnixFileMode(folder, (UnixFileMode)0b111_111_111);
    }
}
