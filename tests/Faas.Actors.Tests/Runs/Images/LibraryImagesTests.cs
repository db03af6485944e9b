using Faas.Actors.Configuration;
using Faas.Actors.Runs.Images;
using Faas.Actors.Scripts;
using Xunit;

namespace Faas.Actors.Tests.Runs.Images;

/// <summary>The section <c>faas.images</c>.</summary>
public sealed class LibraryImagesTests
{
    [Fact]
    public void A_section_is_an_image_and_its_name_is_the_sections()
    {
        var images = Read(
            ("data.runtime", ["python"]), ("data.packages", ["/usr", "/tmp"]), ("data.preload", ["numpy", "a.b_1"]), ("data.spares", ["3"]),
            ("web.runtime", ["node"]), ("web.preload", ["lodash", "node:fs", "@scope/name/part.js", "lodash/fp"]));

        Assert.Equal(["data", "web"], images.All.Select(image => image.Name));
        var data = images.Find("data")!;
        Assert.Equal((Runtime.Python, 3), (data.Runtime, data.Spares));
        Assert.Equal(["/usr", "/tmp"], data.Packages);
        Assert.Equal(["numpy", "a.b_1"], data.Preload);
        Assert.Equal(1, images.Find("web")!.Spares);
        Assert.Empty(images.Find("web")!.Packages);
        Assert.Null(images.Find("other"));
    }

    [Fact]
    public void Without_a_section_there_is_no_image() => Assert.Same(LibraryImages.None, Read());

    [Theory]
    [InlineData("Data", "runtime", "python", "faas.images.Data: the name of an image is \"Data\"; a name has 1 to 40 letters")]
    [InlineData("node", "runtime", "node", "faas.images.node: the name of an image is \"node\", which is the name of a runtime.")]
    [InlineData("data", "spares", "1", "faas.images.data.runtime = (missing): allowed is to be set.")]
    [InlineData("data", "runtime", "ruby", "faas.images.data.runtime = \"ruby\": allowed is node or python.")]
    [InlineData("data", "packages", "usr", "faas.images.data.packages = \"usr\": allowed is folders that exist, by their whole path.")]
    [InlineData("data", "packages", "/nowhere", "faas.images.data.packages = \"/nowhere\": allowed is folders that exist, by their whole path.")]
    [InlineData("data", "preload", "os; x", "faas.images.data.preload = \"os; x\": allowed is names of modules as a python script imports them.")]
    [InlineData("data", "preload", "../x", "faas.images.data.preload = \"../x\": allowed is names of modules as a python script imports them.")]
    [InlineData("data", "spares", "101", "faas.images.data.spares = \"101\": allowed is a whole number from 0 to 100.")]
    public void What_is_wrong_names_the_key_the_value_and_what_is_allowed(string name, string key, string value, string message)
    {
        var settings = new Dictionary<string, string[]> { [$"{name}.runtime"] = ["python"] };
        settings[$"{name}.{key}"] = [value];
        if (message.Contains("missing", StringComparison.Ordinal))
        {
            settings.Remove($"{name}.runtime");
        }

        var wrong = Assert.Throws<SettingException>(() => Read([.. settings.Select(one => (one.Key, one.Value))]));
        Assert.StartsWith(message, wrong.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("./lodash")]
    [InlineData("/lodash")]
    [InlineData("../lodash")]
    [InlineData("http://x")]
    [InlineData("a//b")]
    [InlineData("")]
    public void A_module_of_node_is_one_of_a_package(string module) =>
        Assert.Throws<SettingException>(() => Read(("web.runtime", ["node"]), ("web.preload", ["lodash", module])));

    [Fact]
    public void The_folder_of_an_image_of_node_is_one_and_has_node_modules()
    {
        using var folder = new OwnFolder();
        Assert.Throws<SettingException>(() => Read(("web.runtime", ["node"]), ("web.packages", [folder.Path])));
        Directory.CreateDirectory(Path.Combine(folder.Path, "node_modules"));

        Assert.Equal([folder.Path], Read(("web.runtime", ["node"]), ("web.packages", [folder.Path])).All[0].Packages);
        var wrong = Assert.Throws<SettingException>(() => Read(("web.runtime", ["node"]), ("web.packages", [folder.Path, folder.Path])));
        Assert.Equal("faas.images.web.packages = \"[2 folders]\": allowed is at most 1.", wrong.Message);
    }

    [Fact]
    public void A_script_can_have_the_images_of_its_runtime_and_is_told_which_there_are()
    {
        var images = Read(("data.runtime", ["python"]), ("more.runtime", ["python"]));

        Assert.Null(images.Refusal("data", Runtime.Python));
        Assert.Equal("\"image\" is \"date\"; the images of python are: data, more (faas.images).", images.Refusal("date", Runtime.Python));
        Assert.Equal("\"image\" is \"data\"; there is no image of node (faas.images).", images.Refusal("data", Runtime.Node));
    }

    private sealed class OwnFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("faas-packages-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }

    private static LibraryImages Read(params (string Key, string[] Texts)[] settings) => LibraryImages.From(new Settings(
        settings.ToDictionary(
            setting => $"faas.images.{setting.Key}",
            setting => new SettingValue(setting.Texts, setting.Key.EndsWith("packages", StringComparison.Ordinal)
                || setting.Key.EndsWith("preload", StringComparison.Ordinal), Origin: null))));
}
